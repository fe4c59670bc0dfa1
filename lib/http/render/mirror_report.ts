import type { MirrorEvent } from "../../catalog/mirror_event.ts";
import type { Counted, CurveStep } from "./curve_step.ts";
import type { MirrorDay } from "./mirror_stats.ts";
import type { UptimeDay } from "./uptime.ts";

/** Places among the mirrors by downloads, from 1 on. */
export interface MirrorRank {
  readonly today: number;
  readonly month: number;
  /** How many there are. */
  readonly of: number;
}

/** Everything that is told of one mirror to everybody. */
export interface MirrorReport {
  /** How it is; its counts are those of today. */
  readonly day: MirrorDay;
  /** Today in UTC: `2026-11-22`. */
  readonly today: string;
  readonly month: Counted;
  readonly year: Counted;
  readonly ever: Counted;
  readonly rank: MirrorRank;
  /** The last thirty days, the oldest first. */
  readonly days: readonly CurveStep[];
  /** The last twelve months, the oldest first. */
  readonly months: readonly CurveStep[];
  readonly uptime: readonly UptimeDay[];
  /** What everybody may know of, the newest first. */
  readonly events: readonly MirrorEvent[];
}

/** Events that are told of at most. */
const MOST_EVENTS = 30;

/** Kinds of events that everybody may know of: nothing that an operator wrote, no reasons, no errors. */
const PUBLIC = new Set<MirrorEvent["type"]>(["added", "enabled", "disabled", "state", "downtime"]);

/**
 * Picks what everybody may know of.
 *
 * @param events the oldest first
 * @returns the newest first, some at most
 */
export function publicEvents(events: readonly MirrorEvent[]): MirrorEvent[] {
  return events.filter(({ type }) => PUBLIC.has(type)).slice(-MOST_EVENTS).reverse();
}
