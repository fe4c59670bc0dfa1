import { distanceBetween, positionOf } from "../geo/distance.ts";
import { chooseAmong, drawOrder, type UnscoredCandidate } from "./choice.ts";
import { findExclusion, requirementsOf } from "./exclude.ts";
import { inOrder } from "./in_order.ts";
import type { Exclusion, Selection } from "./selection.ts";
import type { SelectionRequest } from "./selection_request.ts";

/**
 * Decides which mirrors serve a request, in which order, and which may not, and why.
 *
 * @param request who asks for what
 * @returns every mirror that carries the file is excluded, or a candidate, or was not drawn; never
 *   the fallbacks
 */
export function select(request: SelectionRequest): Selection {
  const { client, mirrors, tls } = request;
  const located = client !== null && client.located ? client : null;
  const position = located === null ? null : positionOf(located.latitude, located.longitude);
  const requirements = requirementsOf(request.indexed.file, client, request.options);
  const copies = inOrder(request.indexed.copies);
  const candidates: UnscoredCandidate[] = [];
  const excluded: Exclusion[] = [];
  for (let i = 0; i < copies.length; i++) {
    const copy = copies[i]!;
    const prepared = mirrors.get(copy.mirrorId);
    if (prepared === undefined) continue;
    const mirror = prepared.record;
    const { url, reason: offerReason } = prepared.offers[tls];
    const distance = position === null ? 0 : distanceBetween(position, prepared.position);
    const reason = offerReason ?? findExclusion(mirror, copy, requirements);
    if (reason === null) candidates.push({ mirror, url, distance, score: 0, share: null, copy });
    else excluded.push({ mirror, url, distance, reason });
  }
  const { candidates: chosen, chance } = chooseAmong(
    candidates,
    client,
    request.options,
    request.ranked,
  );
  return {
    candidates: chance === null
      ? chosen
      : drawOrder(chosen.length, chance, request.random).map((index) => chosen[index]!),
    excluded,
    fallback: false,
  };
}
