import { truncateTime } from "../catalog/truncate_time.ts";
import { carriesPath } from "../catalog/carried_paths.ts";
import type { Mirror } from "../catalog/mirror.ts";
import type { FileDifference } from "../catalog/file_difference.ts";
import type { ScanNumbers } from "../catalog/scan_numbers.ts";
import type { DirectoryTally } from "./directory_tally.ts";
import type { FileDirectories, FileTable } from "./file_table.ts";
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
  const directories = source.directories();
  const { numbers } = directories;
  const [files, copies, there] = [tallyOf(directories), tallyOf(directories), tallyOf(directories)];
  const absent: number[] = [];
  const absentPaths: string[] = [];
  let behindSince = Infinity;
  let slot = -1;
  let outside = 0;
  const { paths } = rule.mirror;
  for (const path of source.paths()) {
    slot++;
    const directory = numbers[slot]!;
    files[directory]!++;
    const copy = copyOf(path);
    if (paths.length > 0 && !carriesPath(paths, path)) {
      // What it has all the same says nothing.
      if (copy !== null) outside++;
      continue;
    }
    if (copy === null) {
      absent.push(slot);
      absentPaths.push(path);
      continue;
    }
    copies[directory]!++;
    const what = compare(source.sizeAt(slot), source.modTimeAt(slot), copy, rule);
    counts[what]++;
    if (what === "current" || what === "newer") there[directory]!++;
    if (what !== "current") tell?.(what, path);
    if (what === "older" || what === "size") {
      behindSince = Math.min(behindSince, source.sinceAt(slot) ?? Infinity);
    }
  }
  let missing = 0;
  const carried = carriedOf(directories, copies);
  absent.forEach((slot, index) => {
    if (!carried[numbers[slot]!]) return;
    missing++;
    tell?.("missing", absentPaths[index]!);
    behindSince = Math.min(behindSince, source.sinceAt(slot) ?? Infinity);
  });
  directories.paths.forEach((path, directory) => {
    tally?.add(path, files[directory]!, there[directory]!);
  });
  const known = counts.current + counts.older + counts.size + counts.newer + outside;
  return {
    ...counts,
    missing,
    foreign: Math.max(0, indexed - known),
    behindSince: behindSince === Infinity ? null : behindSince,
  };
}

/** One number for each directory. */
function tallyOf({ paths }: FileDirectories): Uint32Array {
  return new Uint32Array(paths.length);
}

/** Which directories the mirror has a file in, or below. @param copies how many it has in each */
function carriedOf({ paths }: FileDirectories, copies: Uint32Array): boolean[] {
  const carried = new Set<string>();
  paths.forEach((path, directory) => {
    if (copies[directory]! > 0) carry(path, carried);
  });
  return paths.map((path) => carried.has(path));
}

/** Notes a directory, and all above it. */
function carry(directory: string, carried: Set<string>): void {
  for (let end = directory.length; end > 0; end = directory.lastIndexOf("/", end - 2) + 1) {
    const path = directory.slice(0, end);
    if (carried.has(path)) return;
    carried.add(path);
    if (end === 1) return;
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
