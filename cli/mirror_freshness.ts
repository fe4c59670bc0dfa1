import type { MirrorJson } from "../lib/control/api/mirror_schemas.ts";
import { expectedFiles } from "../lib/catalog/scan_numbers.ts";
import { formatSpan } from "./terminal/format_time.ts";

/** How many of the files that a mirror should have are current: `43/73`; empty: nobody knows. */
export function filesText({ scanNumbers }: MirrorJson): string {
  return scanNumbers === null ? "" : `${scanNumbers.current}/${expectedFiles(scanNumbers)}`;
}

/**
 * How far a mirror is behind by its listing.
 *
 * @param now milliseconds since the epoch
 * @returns milliseconds; `null`: nobody knows
 */
export function lagByListing({ scanNumbers }: MirrorJson, now: number): number | null {
  if (scanNumbers === null) return null;
  return scanNumbers.behindSince === null ? 0 : since(scanNumbers.behindSince, now);
}

/** How far a mirror is behind: by its listing, else by its trace file; `null`: nobody knows. */
export function lagOfMirror(mirror: MirrorJson, now: number): number | null {
  if (mirror.scanNumbers !== null) return lagByListing(mirror, now);
  return mirror.lastModTime === null ? null : since(mirror.lastModTime, now);
}

/** `by trace 11 min, by listing 2 h`, or only one of them; empty: nobody knows. */
export function lagText(mirror: MirrorJson, now: number): string {
  const listing = lagByListing(mirror, now);
  const byListing = listing === null ? "" : listing === 0 ? "none" : formatSpan(listing);
  if (mirror.lastModTime === null) return byListing;
  const trace = `by trace ${formatSpan(since(mirror.lastModTime, now))}`;
  return byListing === "" ? trace : `${trace}, by listing ${byListing}`;
}

/** When a mirror was scanned well: `11 min ago`; `never`. */
export function scannedText({ lastSuccessfulSync }: MirrorJson, now: number): string {
  return lastSuccessfulSync === null
    ? "never"
    : `${formatSpan(since(lastSuccessfulSync, now))} ago`;
}

function since(time: string, now: number): number {
  return Math.max(0, now - Date.parse(time));
}
