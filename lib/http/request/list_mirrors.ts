import { lackingBelow, NOTHING_THERE } from "../../catalog/carried_tree.ts";
import type { FileCopy } from "../../catalog/file.ts";
import type { MirrorRecord } from "../../catalog/mirror_state.ts";
import { lagOf } from "../../catalog/scan_numbers.ts";
import type { Candidate } from "../../selection/selection.ts";
import type { SetLevel, SetView } from "../../selection/set_view.ts";
import { unknownFile } from "./found_file.ts";
import { rankFallbacks, rankSources, type SourceAsker } from "./list_sources.ts";
import type { HttpState } from "./state.ts";

/** Milliseconds that a mirror in a list may be behind, where no metadata set says how many. */
const MOST_BEHIND = 48 * 60 * 60_000;

/** Somebody in a list of mirrors. */
export interface ListedMirror {
  readonly candidate: Candidate;
  /** How many files of the source it lacks below the directory; `null`: nobody knows. */
  readonly lacking: number | null;
  /** By how much it is behind, in milliseconds; `null`: nobody knows. */
  readonly behind: number | null;
  readonly fallback: boolean;
}

/**
 * Lists the mirrors that may serve a client and carry a directory: first those that lack nothing below it,
 * then the others, each part in the order of the client; then the fallbacks. Those that are too far behind
 * are left out.
 *
 * @param state mirrors, fallbacks and what mirrors have
 * @param request who asks
 * @param directory decoded path of the directory
 * @param now milliseconds since the epoch
 * @param random 0 to 1, exclusive
 */
export function listMirrors(
  state: HttpState,
  request: SourceAsker,
  directory: string,
  now: number,
  random: () => number,
): readonly ListedMirror[] {
  const below = directory === "/" ? "/" : `${directory}/`;
  const sets = setsOf(state, below);
  const most = mostBehind(sets);
  const list = (level: SetLevel): readonly ListedMirror[] => {
    const known = new Map<number, Pick<ListedMirror, "behind" | "lacking">>();
    const whole: FileCopy[] = [];
    const others: FileCopy[] = [];
    for (const { record } of state.mirrors.values()) {
      const { id } = record;
      const lacking = lackingOf(state, record, below);
      const behind = lagOf(record, now);
      if (lacking === undefined || (behind ?? 0) > most) continue;
      if (level !== "any" && sets.some((set) => isBehind(set, id))) continue;
      known.set(id, { lacking, behind });
      (lacking === 0 ? whole : others).push({ mirrorId: id, size: 0, modTime: null });
    }
    // It is as if everybody had the same file there.
    const one = { ...state, wholeTree: null };
    return [whole, others].flatMap((copies) =>
      rankSources(one, request, { file: unknownFile(below), copies }, random, level)
        .map((candidate) => ({ candidate, ...known.get(candidate.mirror.id)!, fallback: false }))
    );
  };
  const fresh = list("behind");
  // A set never leaves nobody.
  const mirrors = fresh.length > 0 || sets.length === 0 ? fresh : list("any");
  const fallbacks = rankFallbacks(state, request, random)
    .map((candidate) => ({ candidate, lacking: null, behind: null, fallback: true }));
  return [...mirrors, ...fallbacks];
}

/**
 * Counts the mirrors that carry a directory and are not too far behind, whoever they may serve and whether
 * they are up or not.
 *
 * @param directory decoded path of the directory
 * @param now milliseconds since the epoch
 */
export function countCarriers(state: HttpState, directory: string, now: number): number {
  const below = directory === "/" ? "/" : `${directory}/`;
  const most = mostBehind(setsOf(state, below));
  return [...state.mirrors.values()].filter(({ record }) =>
    lackingOf(state, record, below) !== undefined && (lagOf(record, now) ?? 0) <= most
  ).length;
}

/** One that has to be at the present revision says nothing of anything else. */
function mostBehind(sets: readonly SetView[]): number {
  return Math.max(0, ...sets.map(({ life }) => life)) || MOST_BEHIND;
}

/** The metadata sets that a directory lies in, or that lie in it. */
function setsOf({ trees }: HttpState, below: string): readonly SetView[] {
  const own = trees?.of(below)?.set ?? null;
  const inside = [...trees?.sets.values() ?? []].filter((set) => set.below.startsWith(below));
  return own === null || inside.includes(own) ? inside : [own, ...inside];
}

function isBehind(set: SetView, mirrorId: number): boolean {
  return set.standings.has(mirrorId) && set.reasonOf(mirrorId, "behind") !== null;
}

/** @returns `null`: nobody knows; `undefined`: it has nothing of it */
function lackingOf(
  { carried }: Pick<HttpState, "carried">,
  { id, wholeTree, lastSuccessfulSync }: MirrorRecord,
  below: string,
): number | null | undefined {
  // That it has everything is what the operator says.
  if (wholeTree) return 0;
  if (lastSuccessfulSync === null) return undefined;
  const tree = carried.get(id);
  // Stores that are shared with the original know whole seconds.
  if (tree === undefined || second(tree.scan) !== second(lastSuccessfulSync)) return null;
  const lacking = lackingBelow(tree, below);
  return lacking === NOTHING_THERE ? undefined : lacking;
}

function second(time: number): number {
  return Math.floor(time / 1000);
}
