import type { UnscoredCandidate } from "./choice.ts";
import type { Exclusion } from "./selection.ts";
import type { SelectionRequest } from "./selection_request.ts";
import type { Tree } from "./tree.ts";
import { findClientExclusion, findFileExclusion, requirementsOf } from "./exclude.ts";
import { isHidden } from "./own_networks.ts";
import { groupOf } from "./rule_set.ts";
import { distanceTo, standpointOf } from "./standpoint.ts";
import { copiesOf } from "./whole_tree.ts";

/** Who may serve a request and who may not, before anybody is preferred. */
export interface Gathered {
  /** By mirror ID; still to be scored. */
  readonly candidates: UnscoredCandidate[];
  /** Those who are weighed beside them where an address draws, though they may not serve now. */
  readonly weighed: UnscoredCandidate[];
  /** By mirror ID, but for those that are hidden. */
  readonly excluded: Exclusion[];
}

/**
 * Parts the mirrors that carry a file into those that may serve a request and those that may not.
 *
 * @param request who asks for what
 */
export function gather(request: SelectionRequest): Gathered {
  const { client, mirrors, tls, options, wishes, onlooker } = request;
  const standpoint = standpointOf(client);
  const copies = copiesOf(request.indexed, request.wholeTree ?? null);
  const tree = request.trees?.of(request.indexed.file.path) ?? null;
  const drawn = tree !== null;
  const requirements = {
    ...requirementsOf(request.indexed.file, tls, options, tree, request.level),
    embargoed: request.embargoed ?? false,
  };
  const candidates: UnscoredCandidate[] = [];
  const weighed: UnscoredCandidate[] = [];
  const excluded: Exclusion[] = [];
  for (let i = 0; i < copies.length; i++) {
    const copy = copies[i]!;
    const mirror = mirrors.get(copy.mirrorId);
    if (mirror === undefined || (onlooker !== undefined && isHidden(mirror, onlooker))) continue;
    const { record, offers } = mirror;
    const { url } = offers[tls];
    const distance = distanceTo(mirror, standpoint);
    const fileReason = findFileExclusion(mirror, copy, requirements);
    const clientReason = fileReason === null || drawn
      ? findClientExclusion(mirror, client, wishes)
      : null;
    const reason = fileReason ?? clientReason;
    if (reason === null || (drawn && record.enabled && clientReason === null)) {
      const group = groupOf(mirror, client);
      const { quota } = mirror;
      (reason === null ? candidates : weighed)
        .push({ mirror: record, url, distance, score: 0, share: null, quota, group, copy });
    }
    if (reason === null) continue;
    if (request.hidden || !isHidden(mirror, client)) {
      excluded.push({ mirror: record, url, distance, reason });
    }
  }
  if (tree !== null) weighAbsent(request, tree, weighed);
  return { candidates, weighed, excluded };
}

/** Those who carry the set of a file and lack the file are weighed, too: the weights are those of the set. */
function weighAbsent(
  { indexed, client, mirrors, tls, wishes }: SelectionRequest,
  { set }: Tree,
  weighed: UnscoredCandidate[],
): void {
  if (set === null) return;
  const standpoint = standpointOf(client);
  const present = new Set(indexed.copies.map(({ mirrorId }) => mirrorId));
  for (const id of set.standings.keys()) {
    const mirror = mirrors.get(id);
    if (present.has(id) || !mirror?.record.enabled) continue;
    if (findClientExclusion(mirror, client, wishes) !== null) continue;
    weighed.push({
      ...{ mirror: mirror.record, url: mirror.offers[tls].url, score: 0, share: null },
      ...{ distance: distanceTo(mirror, standpoint), quota: mirror.quota, copy: null },
      group: groupOf(mirror, client),
    });
  }
}
