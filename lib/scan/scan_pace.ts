import type { MirrorEvent } from "../catalog/mirror_event.ts";
import { ListingError } from "./lister.ts";

const MINUTE = 60_000;

/** Milliseconds that a scan on schedule may always take. */
const HOUR = 60 * MINUTE;

/** How many times as long as the last good one it may take, where that is more. */
const TIMES_LAST = 10;

/** A listing that shows fewer entries than this in so many milliseconds is given up. */
const ENTRIES = 100;
const WINDOW = 10 * MINUTE;

/** What {@linkcode ScanPace} takes. */
export interface ScanPaceOptions {
  /** When the listing began, in milliseconds since the epoch. */
  readonly start: number;
  /** When it must have ended, likewise; `Infinity`: it may take as long as it takes. */
  readonly end: number;
}

/**
 * Tells whether a listing comes on: a server that says a little now and then must not keep a scan for
 * ever, nor other mirrors from theirs.
 */
export class ScanPace {
  readonly #end: number;
  /** Number of entries at each full minute of the window, the oldest first. */
  readonly #marks: { readonly time: number; readonly entries: number }[];

  constructor({ start, end }: ScanPaceOptions) {
    this.#end = end;
    this.#marks = [{ time: start, entries: 0 }];
  }

  /**
   * Looks at it.
   *
   * @param now milliseconds since the epoch
   * @param entries how many entries there were so far
   * @returns whether it is so slow that others need not wait for it
   * @throws {ListingError} when it is to be given up
   */
  look(now: number, entries: number): boolean {
    if (now >= this.#end) {
      throw new ListingError(
        "The scan takes too long, and was given up: scan -timeout allows more",
      );
    }
    const marks = this.#marks;
    const newest = marks.at(-1)!;
    // A clock that was set back begins anew.
    if (now < newest.time) marks.splice(0, marks.length, { time: now, entries });
    else if (now - newest.time >= MINUTE) marks.push({ time: now, entries });
    while (marks.length > 1 && now - marks[1]!.time >= WINDOW) marks.shift();
    const oldest = marks[0]!;
    if (now - oldest.time >= WINDOW && entries - oldest.entries < ENTRIES) {
      throw new ListingError(
        `The listing does not come on: fewer than ${ENTRIES} entries in ${WINDOW / MINUTE} minutes`,
      );
    }
    const minuteAgo = marks.findLast(({ time }) => now - time >= MINUTE);
    return minuteAgo !== undefined && entries - minuteAgo.entries < ENTRIES;
  }
}

/**
 * When a scan on schedule must have ended: after an hour, or ten times as long as the last good one.
 *
 * @param start when it began, in milliseconds since the epoch
 * @param events of the mirror, oldest first
 */
export function endOfScan(start: number, events: readonly MirrorEvent[]): number {
  return start + Math.max(HOUR, TIMES_LAST * lastGoodDuration(events));
}

/**
 * How long the last scan took that ended well.
 *
 * @param events of the mirror, oldest first
 * @returns milliseconds; 0 when there is none
 */
function lastGoodDuration(events: readonly MirrorEvent[]): number {
  const end = events.findLastIndex(({ type }) => type === "scan_completed");
  const start = events.slice(0, Math.max(0, end)).findLast(({ type }) => type === "scan_started");
  return start === undefined ? 0 : Math.max(0, events[end]!.time - start.time);
}
