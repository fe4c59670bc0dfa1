import type { MirrorEvent } from "../../catalog/mirror_event.ts";
import { utcDay } from "../../clock/utc_day.ts";

/** How much of a day a mirror could be reached. */
export interface UptimeDay {
  /** In UTC: `2026-11-22`. */
  readonly day: string;
  /** Part of the time in which it was in service, 0 to 1; `null`: nobody knows, or it was not. */
  readonly up: number | null;
}

/** What a mirror is now, as far as uptime goes by it. */
export interface UptimeFacts {
  /** Whether it is in service. */
  readonly enabled: boolean;
  /** Whether each protocol that it offers works; those that it does not offer are missing. */
  readonly protocols: Readonly<Partial<Record<"http" | "https", boolean>>>;
  /** Since when it has been known, in milliseconds since the epoch; `null`: nobody knows. */
  readonly since: number | null;
}

/** Days that are told of, today included. */
export const UPTIME_DAYS = 90;

const DAY = 86_400_000;

/**
 * Tells from its events on which part of each day a mirror could be reached, by whichever protocol. Goes
 * back from what it is now, so that events which are forgotten already are not missed.
 *
 * @param events the oldest first
 * @param facts what it is now
 * @param now milliseconds since the epoch
 * @returns the oldest first
 */
export function uptimeOf(
  events: readonly MirrorEvent[],
  facts: UptimeFacts,
  now: number,
): UptimeDay[] {
  const today = Math.floor(now / DAY);
  const first = today - UPTIME_DAYS + 1;
  const times = Array.from({ length: UPTIME_DAYS }, () => ({ up: 0, known: 0 }));
  const state = { enabled: facts.enabled, ...facts.protocols };
  let until = now;
  const past = (from: number): void => {
    const up = state.http === true || state.https === true;
    for (let at = Math.max(from, first * DAY); at < until;) {
      const day = Math.floor(at / DAY);
      const end = Math.min(until, (day + 1) * DAY);
      const time = times[day - first];
      if (time !== undefined && state.enabled) {
        time.known += end - at;
        if (up) time.up += end - at;
      }
      at = end;
    }
    until = Math.min(until, from);
  };
  // The log has everything from its first entry on.
  const since = Math.min(facts.since ?? now, events[0]?.time ?? now);
  for (const event of events.toReversed()) {
    if (event.time > until) continue;
    if (event.type === "state") {
      past(event.time);
      // Before that it was the other way round.
      if (state[event.protocol] !== undefined) state[event.protocol] = !event.up;
    } else if (event.type === "enabled" || event.type === "disabled") {
      past(event.time);
      state.enabled = event.type === "disabled";
    } else if (event.type === "added") {
      past(event.time);
      until = -Infinity;
    }
  }
  past(Math.min(since, until));
  return times.map(({ up, known }, i) => ({
    day: utcDay((first + i) * DAY),
    up: known === 0 ? null : up / known,
  }));
}

/** The mean of the days of which something is known; `null`: of none. */
export function meanUptime(days: readonly UptimeDay[]): number | null {
  const known = days.flatMap(({ up }) => up ?? []);
  return known.length === 0 ? null : known.reduce((sum, up) => sum + up, 0) / known.length;
}
