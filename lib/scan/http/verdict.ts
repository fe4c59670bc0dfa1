import type { ListedFile } from "../../catalog/file.ts";
import type { SourceVersion } from "../../catalog/source_tree.ts";
import type { ListingEntry } from "./listing_entry.ts";
import { isWeak, maySize, nearestSize } from "./size_interval.ts";
import type { ZoneOffsets } from "./zone_offsets.ts";

/** What a copy of a file is, or that only asking for it tells. */
export type Verdict =
  | { readonly type: "same" }
  | { readonly type: "different"; readonly size: number; readonly modTime: number | null }
  | { readonly type: "probe" };

/** Size and time of a file, or of what was known of it. */
export type Version = Pick<ListedFile, "size" | "modTime">;

const SAME: Verdict = { type: "same" };
const PROBE: Verdict = { type: "probe" };

/**
 * Judges a copy by what a listing shows of it. What may be the same counts as the same; it is different
 * only where no rounding, no time zone and no link explains what is shown.
 *
 * @param entry what the listing shows
 * @param source the file
 * @param previous what was known of the copy; `null`: nothing
 * @param offsets zones of the listing
 */
export function judge(
  entry: ListingEntry,
  source: Version,
  previous: Version | null,
  offsets: ZoneOffsets,
): Verdict {
  const { size, time, maybeLink } = entry;
  if (!maySize(size, source.size)) {
    if (maybeLink || size === null) return PROBE;
    const modTime = time === null ? null : offsets.timeOf(time);
    return { type: "different", size: nearestSize(size, source.size), modTime };
  }
  if (!offsets.may(time, source.modTime)) {
    return !maybeLink && offsets.isOff(time, source.modTime)
      ? { type: "different", size: source.size, modTime: offsets.timeOf(time!) }
      : PROBE;
  }
  if (maybeLink && time === null) return PROBE;
  if (!isWeak(size) && offsets.tells(time)) return SAME;
  const shown = size !== null || offsets.tells(time);
  return shown && previous !== null && isCopy(previous, source) ? SAME : PROBE;
}

/**
 * Judges a copy by all that the file was and may still be somewhere. Where it may be several, it is the
 * newest.
 *
 * @returns the verdict, and on which version
 */
export function judgeVersions(
  entry: ListingEntry,
  source: SourceVersion,
  previous: Version | null,
  offsets: ZoneOffsets,
): readonly [Verdict, Version] {
  const present = judge(entry, source, previous, offsets);
  if (present.type === "same" || source.former === undefined) return [present, source];
  let open = present.type === "probe";
  for (const version of source.former) {
    const verdict = judge(entry, version, previous, offsets);
    if (verdict.type === "same" && !open) return [verdict, version];
    open ||= verdict.type === "probe";
  }
  return [open ? PROBE : present, source];
}

/** Whether what was known of a copy is the file, its time cut to the second. */
export function isCopy(previous: Version, { size, modTime }: Version): boolean {
  if (previous.size !== size) return false;
  if (previous.modTime === null || modTime === null) return previous.modTime === modTime;
  return Math.floor(previous.modTime / 1000) === Math.floor(modTime / 1000);
}

/** How a copy that is the file is recorded: exact to the second. */
export function copyOf({ size, modTime }: Version): Version {
  return { size, modTime: modTime === null ? null : Math.floor(modTime / 1000) * 1000 };
}
