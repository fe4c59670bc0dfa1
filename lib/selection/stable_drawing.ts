import type { UnscoredCandidate } from "./choice.ts";
import type { Chosen } from "./chosen.ts";
import type { ClientView } from "./client_view.ts";
import { findClientExclusion } from "./exclude.ts";
import type { ExclusionCounts, ExclusionPairs } from "./exclusion_counts.ts";
import type { PreparedMirror } from "./prepared_mirror.ts";
import { groupOf } from "./rule_set.ts";
import type { SelectionOptions } from "./selection_options.ts";
import { chooseStable, stableOrder } from "./stable_choice.ts";
import { distanceTo, standpointOf } from "./standpoint.ts";
import type { Stop } from "./stop.ts";

/** A mirror that is weighed, and may be drawn where there is a stop. */
export interface Carrier {
  readonly mirror: PreparedMirror;
  /** Of the metadata set, where the file is bound to one; else 0. */
  readonly revision: number;
  readonly stop: Stop | null;
}

/** What a client's address draws among, and who follows. */
export interface StableDrawing {
  readonly ids: readonly number[];
  readonly weights: readonly number[];
  /** Those drawn among, then those who follow. */
  readonly stops: readonly Stop[];
  /** Kilometres to each. */
  readonly distances: readonly number[];
  /** Of each: alternatives have the same as the first. */
  readonly revisions: readonly number[];
}

/** A candidate that knows its stop. */
interface CarryingMember extends UnscoredCandidate {
  readonly stop: Stop | null;
  readonly revision: number;
}

/**
 * Weighs the carriers of a file for a client.
 *
 * @param options what the operator configured
 * @param left told why those who may serve the file may not serve the client
 * @returns `null` when nobody may serve it
 */
export function stableDrawingOf(
  carriers: readonly Carrier[],
  client: ClientView,
  options: SelectionOptions,
  left: Pick<ExclusionCounts, "add">,
): StableDrawing | null {
  const position = standpointOf(client);
  const members: CarryingMember[] = [];
  for (const { mirror, stop, revision } of carriers) {
    const reason = findClientExclusion(mirror, client);
    if (reason !== null) {
      if (stop !== null) left.add(reason);
      continue;
    }
    const { record, quota } = mirror;
    members.push({
      ...{ stop, revision, mirror: record, url: stop?.url ?? "", score: 0, share: null, quota },
      ...{ distance: distanceTo(mirror, position), group: groupOf(mirror, client), copy: null },
    });
  }
  const able = ({ stop }: CarryingMember): boolean => stop !== null;
  const { drawn, weights, after } = chooseStable(members, able, client, options);
  const all = [...drawn, ...after];
  if (all.length === 0) return null;
  return {
    ids: drawn.map(({ mirror }) => mirror.id),
    weights,
    stops: all.map(({ stop }) => stop!),
    distances: all.map(({ distance }) => distance),
    revisions: all.map(({ revision }) => revision),
  };
}

/**
 * Draws by the address of a client.
 *
 * @param word of the address
 * @param key that all nodes mix IDs with
 * @param most how many the answer names at most
 * @param unable who was left out because of the file
 * @param unwanted who was left out because of the client
 */
export function drawStable(
  { ids, weights, stops, distances, revisions }: StableDrawing,
  word: number,
  key: number,
  most: number,
  unable: ExclusionPairs | null,
  unwanted: ExclusionPairs | null,
): Chosen {
  const order = stableOrder(ids, weights, word, key);
  const first = order[0] ?? 0;
  const named: Stop[] = [];
  const revision = revisions[first]!;
  for (let i = 0; i < order.length && i < most; i++) {
    if (revisions[order[i]!] === revision) named.push(stops[order[i]!]!);
  }
  for (let i = ids.length; i < stops.length && named.length < most; i++) {
    if (revisions[i] === revision) named.push(stops[i]!);
  }
  const { mirror } = stops[first]!;
  return { mirror, distance: distances[first]!, stops: named, unable, unwanted };
}
