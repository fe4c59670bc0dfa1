import { truncateTime } from "../catalog/truncate_time.ts";
import { carriesPath } from "../catalog/carried_paths.ts";
import type { Mirror } from "../catalog/mirror.ts";
import type { FileDifference } from "../catalog/file_difference.ts";
import type { ScanNumbers } from "../catalog/scan_numbers.ts";
import type { DirectoryTally } from "./directory_tally.ts";
import type { FileTable } from "./file_table.ts";
import type { KnownFile } from "./lister.ts";

/** How {@linkcode compareWithSource} compares. */
export interface ComparisonRule {
  readonly mirror: Pick<Mirror, "compare" | "paths">;
  /** Resolution of the listing's times, in milliseconds. */
  readonly precision: number;
  /** Milliseconds to add to the mirror's times. */
  readonly timeZoneOffset: number;
  /** Milliseconds by which times may differ. */
  readonly tolerance: number;
}

/**
 * Counts how what a mirror carries compares with the source. A directory counts as carried when one file
 * of the source in it or below it is there.
 *
 * @param source the files of the source
 * @param copyOf what the mirror has
 * @param indexed how many files the mirror has
 * @param tell called with each file of the source that is not the same there; default: nobody asks
 * @param tally counts by directory, whatever the mirror carries on purpose; default: nobody asks
 */
export function compareWithSource(
  source: FileTable,
  copyOf: KnownFile,
  indexed: number,
  rule: ComparisonRule,
  tell?: (what: Exclude<FileDifference, "foreign">, path: string) => void,
  tally?: DirectoryTally,
): Omit<ScanNumbers, "scan"> {
  const counts = { current: 0, older: 0, size: 0, newer: 0 };
  const carried = new Set<string>();
  const absent: number[] = [];
  const absentPaths: string[] = [];
  let behindSince = Infinity;
  let last = "\0";
  let slot = -1;
  let outside = 0;
  const { paths } = rule.mirror;
  for (const path of source.paths()) {
    slot++;
    const copy = copyOf(path);
    if (paths.length > 0 && !carriesPath(paths, path)) {
      // What it has all the same says nothing.
      if (copy !== null) outside++;
      tally?.add(path, false);
      continue;
    }
    if (copy === null) {
      absent.push(slot);
      absentPaths.push(path);
      tally?.add(path, false);
      continue;
    }
    // Files of a directory mostly follow one another.
    if (!path.startsWith(last) || path.includes("/", last.length)) {
      last = path.slice(0, path.lastIndexOf("/") + 1);
      carry(path, carried);
    }
    const what = compare(source.sizeAt(slot), source.modTimeAt(slot), copy, rule);
    counts[what]++;
    tally?.add(path, what === "current" || what === "newer");
    if (what !== "current") tell?.(what, path);
    if (what === "older" || what === "size") {
      behindSince = Math.min(behindSince, source.sinceAt(slot) ?? Infinity);
    }
  }
  let missing = 0;
  absent.forEach((slot, index) => {
    const path = absentPaths[index]!;
    if (!carried.has(path.slice(0, path.lastIndexOf("/")))) return;
    missing++;
    tell?.("missing", path);
    behindSince = Math.min(behindSince, source.sinceAt(slot) ?? Infinity);
  });
  const known = counts.current + counts.older + counts.size + counts.newer + outside;
  return {
    ...counts,
    missing,
    foreign: Math.max(0, indexed - known),
    behindSince: behindSince === Infinity ? null : behindSince,
  };
}

/** Notes the directory of a file, and all above it. */
function carry(path: string, carried: Set<string>): void {
  for (let end = path.lastIndexOf("/"); end >= 0; end = path.lastIndexOf("/", end - 1)) {
    const directory = path.slice(0, end);
    if (carried.has(directory)) return;
    carried.add(directory);
    if (end === 0) return;
  }
}

function compare(
  size: number,
  time: number | null,
  copy: { readonly size: number; readonly modTime: number | null },
  { mirror, precision, timeZoneOffset, tolerance }: ComparisonRule,
): "current" | "older" | "size" | "newer" {
  // Most are the same to the millisecond.
  if (time === copy.modTime && timeZoneOffset === 0) return size === copy.size ? "current" : "size";
  const difference = time === null || copy.modTime === null || mirror.compare === "size"
    ? 0
    : truncateTime(time, precision) - truncateTime(copy.modTime + timeZoneOffset, precision);
  if (Math.abs(difference) <= tolerance) return size === copy.size ? "current" : "size";
  return difference > 0 ? "older" : "newer";
}
