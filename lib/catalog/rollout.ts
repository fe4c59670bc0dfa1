import type { MirrorRecord } from "./mirror_state.ts";

/** How a version of something reached mirrors, as far as somebody watched. */
export interface WatchedRollout {
  /** What tells the version of a file from others; empty for a directory. */
  readonly version: string;
  /** Since when somebody has watched, in milliseconds since the epoch. */
  readonly began: number;
  /** IDs of the mirrors that had it already. */
  readonly first: readonly number[];
  /** When scans found it on others, in milliseconds since the epoch, by ID. */
  readonly arrivals: ReadonlyMap<number, number>;
}

/** Paths that are watched at once, at most. */
export const MOST_WATCHED = 100;

/** A mirror, and whether it has all of it. */
export interface RolloutMirror {
  readonly id: number;
  readonly name: string;
  readonly has: boolean;
  /** Milliseconds from when the source had it; `null`: nobody knows. */
  readonly took: number | null;
}

/** How far something has reached the mirrors that are to have it. */
export interface Rollout {
  /** Percent of the mirrors, 0 to 100; 100 without any. */
  readonly percent: number;
  /** How many have it. */
  readonly have: number;
  /** Percent of the downloads of late that were from those that have it; `null`: there were none. */
  readonly traffic: number | null;
  /** By code, in order. */
  readonly continents: readonly {
    readonly code: string;
    readonly mirrors: number;
    readonly have: number;
  }[];
  /** Those that lack it first, then those that took longest. */
  readonly mirrors: readonly RolloutMirror[];
  /** How many had it from when on, oldest first; empty: nobody watched. */
  readonly curve: readonly { readonly time: number; readonly have: number }[];
}

/** What {@linkcode rolloutOf} judges. */
export interface RolloutFacts {
  /** The mirrors that are to have it. */
  readonly mirrors: readonly MirrorRecord[];
  readonly has: (mirror: MirrorRecord) => boolean;
  /** When the source had it first, in milliseconds since the epoch; `null`: nobody knows. */
  readonly since: number | null;
  /** Downloads of late, by ID. */
  readonly counts: ReadonlyMap<number, { readonly downloads: number }>;
  /** `null`: nobody watches. */
  readonly watched: WatchedRollout | null;
}

/** Finds out how far something has reached the mirrors. */
export function rolloutOf({ mirrors, has, since, counts, watched }: RolloutFacts): Rollout {
  const all = mirrors.map((mirror) => ({ mirror, has: has(mirror) }));
  const have = all.filter((one) => one.has);
  const sum = (some: typeof all): number =>
    some.reduce((total, { mirror }) => total + (counts.get(mirror.id)?.downloads ?? 0), 0);
  const total = sum(all);
  const continents = new Map<string, { mirrors: number; have: number }>();
  for (const { mirror, has } of all) {
    const code = mirror.continentCode;
    const count = continents.get(code) ?? { mirrors: 0, have: 0 };
    continents.set(code, { mirrors: count.mirrors + 1, have: count.have + Number(has) });
  }
  const listed = all.map(({ mirror: { id, name }, has }) => {
    const arrival = has ? watched?.arrivals.get(id) : undefined;
    const took = arrival === undefined || since === null ? null : Math.max(0, arrival - since);
    return { id, name, has, took };
  }).sort((a, b) =>
    Number(a.has) - Number(b.has) || (b.took ?? -1) - (a.took ?? -1) || (a.name < b.name ? -1 : 1)
  );
  return {
    percent: all.length === 0 ? 100 : have.length * 100 / all.length,
    have: have.length,
    traffic: total === 0 ? null : sum(have) * 100 / total,
    continents: [...continents].sort(([a], [b]) => a < b ? -1 : 1)
      .map(([code, count]) => ({ code, ...count })),
    mirrors: listed,
    curve: curveOf(watched, new Set(mirrors.map(({ id }) => id))),
  };
}

/** @param ids of the mirrors that are told of: others may be hidden */
function curveOf(watched: WatchedRollout | null, ids: ReadonlySet<number>): Rollout["curve"] {
  if (watched === null) return [];
  let have = watched.first.filter((id) => ids.has(id)).length;
  const times = [...watched.arrivals].flatMap(([id, time]) => ids.has(id) ? [time] : [])
    .sort((a, b) => a - b);
  return [{ time: watched.began, have }, ...times.map((time) => ({ time, have: ++have }))];
}

/** Writes it for the store. */
export function formatWatched({ version, began, first, arrivals }: WatchedRollout): string {
  return JSON.stringify({ version, began, first, arrivals: [...arrivals] });
}

/** Reads what {@linkcode formatWatched} wrote. @returns `null`: it is nothing of that kind */
export function parseWatched(text: string): WatchedRollout | null {
  try {
    const { version, began, first, arrivals } = JSON.parse(text) as Readonly<
      Record<string, unknown>
    >;
    if (typeof version !== "string" || typeof began !== "number") return null;
    if (!Array.isArray(first) || !Array.isArray(arrivals)) return null;
    if (!first.every(Number.isInteger)) return null;
    const pairs = arrivals as unknown[];
    if (
      !pairs.every((pair) =>
        Array.isArray(pair) && pair.length === 2 && pair.every(Number.isFinite)
      )
    ) {
      return null;
    }
    return { version, began, first, arrivals: new Map(pairs as [number, number][]) };
  } catch {
    return null;
  }
}
