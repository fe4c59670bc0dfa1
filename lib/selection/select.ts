import type { FileCopy } from "../catalog/file.ts";
import { distanceBetween, positionOf } from "../geo/distance.ts";
import type { GeoRecord } from "../geo/geo_record.ts";
import { findExclusion, requirementsOf } from "./exclude.ts";
import { geographicalScore, plainScore, scaleOf } from "./score.ts";
import type { Candidate, Exclusion, Selection } from "./selection.ts";
import type { SelectionRequest } from "./selection_request.ts";
import { shuffle } from "./shuffle.ts";
import { weightedDraw } from "./weighted_draw.ts";

/** How many mirrors an answer gets that left the order to chance. */
const DRAWN_AT_MOST = 5;

type ScoredCandidate = { -readonly [Key in keyof Candidate]: Candidate[Key] };

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
  const candidates: ScoredCandidate[] = [];
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
  const chosen = located === null
    ? chooseEvenly(candidates, request)
    : chooseByScore(candidates, located, request);
  return { candidates: chosen, excluded, fallback: false };
}

/** By mirror ID: the result must not depend on where the copies come from. */
function inOrder(copies: readonly FileCopy[]): readonly FileCopy[] {
  for (let i = 1; i < copies.length; i++) {
    if (copies[i - 1]!.mirrorId > copies[i]!.mirrorId) {
      return copies.toSorted((a, b) => a.mirrorId - b.mirrorId);
    }
  }
  return copies;
}

/** For a client whose place is unknown. */
function chooseEvenly(candidates: Candidate[], request: SelectionRequest): Candidate[] {
  if (request.ranked) return candidates;
  shuffle(candidates, DRAWN_AT_MOST, request.random);
  if (candidates.length > DRAWN_AT_MOST) candidates.length = DRAWN_AT_MOST;
  return candidates;
}

/** For a client whose place is known: those worth it are drawn, the others stand in line. */
function chooseByScore(
  candidates: ScoredCandidate[],
  client: GeoRecord,
  request: SelectionRequest,
): Candidate[] {
  const inDraw: ScoredCandidate[] = [];
  const weights: number[] = [];
  score(candidates, client, request, inDraw, weights);
  let sum = 0;
  for (let i = 0; i < weights.length; i++) sum += weights[i]!;
  for (let i = 0; i < inDraw.length; i++) inDraw[i]!.share = weights[i]! * 100 / sum;
  if (inDraw.length < 2 || request.ranked) {
    // The sort is stable: equal scores stay in order of mirror ID.
    return candidates.sort((a, b) => b.score - a.score);
  }
  return weightedDraw(weights, DRAWN_AT_MOST, request.random).map((index) => inDraw[index]!);
}

/** Sets the scores and gathers those in the draw, with their weights. */
function score(
  candidates: readonly ScoredCandidate[],
  client: GeoRecord,
  request: SelectionRequest,
  inDraw: ScoredCandidate[],
  weights: number[],
): void {
  const { geographicalSort, weightDistributionRange } = request.options;
  let closest = Infinity;
  let farthest = 0;
  for (let i = 0; i < candidates.length; i++) {
    const { distance } = candidates[i]!;
    if (distance < closest) closest = distance;
    if (distance > farthest) farthest = distance;
  }
  const scale = scaleOf(client, closest, farthest, weightDistributionRange);
  for (let i = 0; i < candidates.length; i++) {
    const candidate = candidates[i]!;
    candidate.score = geographicalSort
      ? geographicalScore(candidate.mirror, candidate.distance, scale)
      : plainScore(candidate.mirror, candidate.distance, scale);
    if (candidate.score <= scale.base) continue;
    inDraw.push(candidate);
    weights.push(candidate.score - scale.base);
  }
}
