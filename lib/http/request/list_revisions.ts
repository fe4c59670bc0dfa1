import type { IndexedFile } from "../../catalog/file.ts";
import type { FileRevision } from "../../catalog/file_revision.ts";
import type { Candidate } from "../../selection/selection.ts";
import {
  type FileSource,
  listSources,
  rankSources,
  type SourceAsker,
  type SourceList,
  sourceList,
} from "./list_sources.ts";
import type { SetRevisions } from "./set_revisions.ts";
import type { HttpState } from "./state.ts";

/**
 * Lists who serves a file or a former version of it: first those with the present one, then those whose
 * copy has size and time of a former one, the newest first. Who reads the list may take its order for the
 * best. Fallbacks come last, where no mirror has the present one.
 *
 * @param state mirrors, fallbacks and configuration
 * @param request who asks
 * @param indexed the file as it is now, with all copies
 * @param revisions what may still be given, newest first
 * @param random 0 to 1, exclusive
 * @returns each mirror once
 */
export function listRevisions(
  state: HttpState,
  request: SourceAsker,
  indexed: IndexedFile,
  revisions: readonly FileRevision[],
  random: () => number,
): SourceList {
  const present = listSources(state, request, indexed, random);
  const candidates: Candidate[] = [];
  const sources: FileSource[] = [];
  const seen = new Set<number>();
  const take = (list: SourceList): void => {
    for (const [i, candidate] of list.candidates.entries()) {
      if (seen.has(candidate.mirror.id)) continue;
      seen.add(candidate.mirror.id);
      candidates.push(candidate);
      sources.push(list.sources[i]!);
    }
  };
  if (!present.selection.fallback) take(present);
  for (const { replaced: _, ...version } of revisions) {
    const file = { path: indexed.file.path, ...version };
    const { copies } = indexed;
    const former = listSources(state, request, { file, copies, former: true }, random);
    if (!former.selection.fallback) take(former);
  }
  const { fallback } = present.selection;
  if (fallback) take(present);
  const selection = { candidates, excluded: [], fallback: fallback && sources.length === 0 };
  return { candidates, sources, selection };
}

/**
 * Lists who serves the root of a metadata set: first the mirrors that are whole at its present revision, then
 * those that are whole at former ones, the newest first. Where there is nobody, who serves the present one.
 *
 * @param state mirrors, fallbacks and configuration
 * @param request who asks
 * @param indexed the root as it is now, with all copies
 * @param revisions which ones may be given
 * @param random 0 to 1, exclusive
 */
export function listSetRevisions(
  state: HttpState,
  request: SourceAsker,
  indexed: IndexedFile,
  { set, numbers }: SetRevisions,
  random: () => number,
): SourceList {
  const at = ({ mirror }: Candidate): number => set.revisionOf(mirror.id);
  const candidates = rankSources(state, request, indexed, random, "behind")
    .filter((one) => numbers.has(at(one)))
    .sort((a, b) => at(b) - at(a));
  return candidates.length > 0
    ? sourceList(state, indexed, candidates, false)
    : listSources(state, request, indexed, random);
}
