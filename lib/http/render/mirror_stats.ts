import type { MirrorRecord } from "../../catalog/mirror_state.ts";
import { lagOf } from "../../catalog/scan_numbers.ts";
import type { MirrorCounts } from "../request/count_memory.ts";
import type { PreparedMirror } from "../../selection/prepared_mirror.ts";
import { ageText } from "./age_text.ts";
import type { CurveStep } from "./curve_step.ts";
import { type MirrorCondition, mirrorCondition } from "../request/mirror_condition.ts";

/** What the statistics say about one mirror. */
export interface MirrorDay {
  readonly mirror: MirrorRecord;
  readonly condition: MirrorCondition;
  /** Its place by downloads, from 1 on; those with as many share one. */
  readonly rank: number;
  /** Downloads since 00:00 UTC, or in the time that is shown. */
  readonly downloads: number;
  /** Bytes of these downloads. */
  readonly bytes: number;
  /**
   * How far behind it is, by its trace file, else by its listing: `up-to-date`, `5 minutes ago`; `unknown`
   * where there is neither.
   */
  readonly age: string;
  /** The same in milliseconds; `null`: unknown. */
  readonly behind: number | null;
}

/** The statistics of all mirrors for one day. */
export interface MirrorStats {
  /** The day in UTC, `2026-11-22`; another one, a month or a year where that is asked for. */
  readonly day: string;
  /** Today in UTC. */
  readonly today: string;
  /** What all of them were asked for, step by step; empty: nobody knows. */
  readonly curve: readonly CurveStep[];
  /** Most downloads first, then by name. */
  readonly mirrors: readonly MirrorDay[];
  /** Whether it is known what was counted; else there are zeros. */
  readonly counted: boolean;
  /** When it was like that, as far as it is remembered; `null`: it is so now. */
  readonly asOf: StatsTimes | null;
}

/** Times of what is remembered, in milliseconds since the epoch. */
export interface StatsTimes {
  readonly mirrors: number;
  /** `null`: it is not known what was counted. */
  readonly counts: number | null;
}

/** What {@linkcode mirrorStats} goes by. */
export interface MirrorStatsFacts {
  /** What was counted on the day; `null`: nobody knows. */
  readonly counts: MirrorCounts | null;
  /** The day in UTC, `2026-11-22`, or a month or a year. */
  readonly day: string;
  /** Today in UTC. */
  readonly today: string;
  /** What all of them were asked for, step by step; empty: nobody knows. */
  readonly curve: readonly CurveStep[];
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** When it was like that; `null`: it is so now. */
  readonly asOf: StatsTimes | null;
}

/**
 * Puts together what the page and the JSON of the mirror statistics show.
 *
 * @param mirrors every mirror
 * @returns the statistics
 */
export function mirrorStats(
  mirrors: Iterable<PreparedMirror>,
  { counts, day, today, curve, now, asOf }: MirrorStatsFacts,
): MirrorStats {
  // What is for its own networks only is shown to nobody else.
  const shown = [...mirrors].filter(({ record }) => !record.networksOnly);
  const days = shown.map((prepared): MirrorDay => {
    const { record } = prepared;
    const { downloads, bytes } = counts?.get(record.id) ?? { downloads: 0, bytes: 0 };
    const behind = record.lastModTime === null ? lagOf(record, now) : now - record.lastModTime;
    const age = behind === null ? "unknown" : ageText(behind);
    const condition = mirrorCondition(prepared);
    return { mirror: record, condition, rank: 0, downloads, bytes, age, behind };
  }).sort(byDownloads);
  const ranked = days.map((one) => ({
    ...one,
    rank: 1 + days.findIndex(({ downloads }) => downloads === one.downloads),
  }));
  return { day, today, curve, mirrors: ranked, counted: counts !== null, asOf };
}

function byDownloads(a: MirrorDay, b: MirrorDay): number {
  if (a.downloads !== b.downloads) return b.downloads - a.downloads;
  return a.mirror.name < b.mirror.name ? -1 : a.mirror.name > b.mirror.name ? 1 : 0;
}
