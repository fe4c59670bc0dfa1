import type { GeoRecord } from "../../geo/geo_record.ts";
import type { Candidate } from "../../selection/selection.ts";

/** A mirror with its place in the list. */
export interface Ranked {
  readonly candidate: Candidate;
  /** From 1. */
  readonly rank: number;
}

/** What mirrors of a group have in common. */
export type GroupKind =
  | "all"
  | "you"
  | "country"
  | "continent"
  | "elsewhere"
  | { readonly continent: string };

/** Mirrors of a list that belong together. */
export interface MirrorGroup {
  readonly kind: GroupKind;
  /** By rank; at least one. */
  readonly mirrors: readonly Ranked[];
  /** Whether they are seen from the beginning. */
  readonly open: boolean;
  /** How many of the kind there are. */
  readonly total: number;
  /** Whether others of the same kind stand above it. */
  readonly more: boolean;
}

/** A list of so many mirrors is one group. */
const FEW = 12;

/** Mirrors of a group that are seen from the beginning. */
const SEEN = 10;

/**
 * Groups a list of mirrors by what they are to the client: those that serve it, then those of its country,
 * its continent, and elsewhere. Where nobody knows the place, by continent, the one with most first.
 *
 * @param candidates by rank
 * @param client where the client is
 * @param few a list of so many is one group
 * @returns groups in that order, none of them empty; of those that are seen none is long
 */
export function groupMirrors(
  candidates: readonly Candidate[],
  client: GeoRecord | null,
  few = FEW,
): MirrorGroup[] {
  const all = candidates.map((candidate, index): Ranked => ({ candidate, rank: index + 1 }));
  if (all.length <= few) {
    return all.length === 0 ? [] : [groupOf("all", all, true)];
  }
  const groups = client?.located ? byNearness(all, client) : byContinent(all);
  return groups.filter(({ mirrors }) => mirrors.length > 0).flatMap(shortened);
}

function groupOf(kind: GroupKind, mirrors: readonly Ranked[], open: boolean): MirrorGroup {
  return { kind, mirrors, open, more: false, total: mirrors.length };
}

function byNearness(all: readonly Ranked[], client: GeoRecord): MirrorGroup[] {
  const kindOf = ({ candidate: { mirror, share } }: Ranked): GroupKind => {
    if (share !== null) return "you";
    if (mirror.global) return "elsewhere";
    if (mirror.countryCodes.includes(client.countryCode)) return "country";
    return mirror.continentCode === client.continentCode ? "continent" : "elsewhere";
  };
  return (["you", "country", "continent", "elsewhere"] as const).map((kind) =>
    groupOf(
      kind,
      all.filter((ranked) => kindOf(ranked) === kind),
      kind === "you" || kind === "country",
    )
  );
}

function byContinent(all: readonly Ranked[]): MirrorGroup[] {
  const continents = Map.groupBy(
    all,
    ({ candidate: { mirror } }) => mirror.global ? "" : mirror.continentCode,
  );
  return [...continents]
    .sort(([, a], [, b]) => b.length - a.length)
    .map(([continent, mirrors], index) => groupOf({ continent }, mirrors, index === 0));
}

/** The first of a long group, and the others folded. */
function shortened(group: MirrorGroup): MirrorGroup[] {
  const { mirrors, open } = group;
  // One that is left over takes no more room than a line that says so.
  if (!open || mirrors.length <= SEEN + 1) return [group];
  return [
    { ...group, mirrors: mirrors.slice(0, SEEN) },
    { ...group, mirrors: mirrors.slice(SEEN), open: false, more: true },
  ];
}
