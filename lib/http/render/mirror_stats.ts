import type { MirrorRecord } from "../../catalog/mirror_state.ts";
import type { PreparedMirror } from "../../selection/prepared_mirror.ts";
import { ageText } from "./age_text.ts";
import { type MirrorCondition, mirrorCondition } from "../request/mirror_condition.ts";

/** What the statistics say about one mirror. */
export interface MirrorDay {
  readonly mirror: MirrorRecord;
  readonly condition: MirrorCondition;
  /** Downloads since 00:00 UTC. */
  readonly downloads: number;
  /** Bytes of these downloads. */
  readonly bytes: number;
  /** How far behind it is by its trace file: `up-to-date`, `5 minutes ago`; `unknown` without one. */
  readonly age: string;
  /** The same in milliseconds; `null`: unknown. */
  readonly behind: number | null;
}

/** The statistics of all mirrors for one day. */
export interface MirrorStats {
  /** The day in UTC: `2026-11-22`. */
  readonly day: string;
  /** Most downloads first, then by name. */
  readonly mirrors: readonly MirrorDay[];
}

/** What was counted for each mirror, by ID. */
export type MirrorCounts = ReadonlyMap<
  number,
  { readonly downloads: number; readonly bytes: number }
>;

/**
 * Puts together what the page and the JSON of the mirror statistics show.
 *
 * @param mirrors every mirror
 * @param counts what was counted on the day
 * @param day the day in UTC, `2026-11-22`
 * @param now milliseconds since the epoch
 * @returns the statistics
 */
export function mirrorStats(
  mirrors: Iterable<PreparedMirror>,
  counts: MirrorCounts,
  day: string,
  now: number,
): MirrorStats {
  // What is for its own networks only is shown to nobody else.
  const shown = [...mirrors].filter(({ record }) => !record.networksOnly);
  const days = shown.map((prepared): MirrorDay => {
    const { record } = prepared;
    const { downloads, bytes } = counts.get(record.id) ?? { downloads: 0, bytes: 0 };
    const behind = record.lastModTime === null ? null : now - record.lastModTime;
    const age = behind === null ? "unknown" : ageText(behind);
    return { mirror: record, condition: mirrorCondition(prepared), downloads, bytes, age, behind };
  });
  return { day, mirrors: days.sort(byDownloads) };
}

function byDownloads(a: MirrorDay, b: MirrorDay): number {
  if (a.downloads !== b.downloads) return b.downloads - a.downloads;
  return a.mirror.name < b.mirror.name ? -1 : a.mirror.name > b.mirror.name ? 1 : 0;
}
