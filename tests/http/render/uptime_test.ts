import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import type { MirrorEvent } from "../../../lib/catalog/mirror_event.ts";
import { meanUptime, UPTIME_DAYS, uptimeOf } from "../../../lib/http/render/uptime.ts";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** Noon of a day. */
const NOW = Date.UTC(2026, 10, 22, 12);

const MIDNIGHT = NOW - 12 * HOUR;

const UP = { enabled: true, protocols: { http: true }, since: null };

function state(time: number, up: boolean, protocol: "http" | "https" = "http"): MirrorEvent {
  return { type: "state", mirrorId: 1, time, protocol, up, reason: "" };
}

Deno.test("uptimeOf() knows nothing of the time before the first event", () => {
  const days = uptimeOf([], { ...UP, since: MIDNIGHT - DAY }, NOW);
  assertEquals(days.length, UPTIME_DAYS);
  assertEquals([days[0]!.day, days.at(-1)!.day], ["2026-08-25", "2026-11-22"]);
  assertEquals(days.map(({ up }) => up), [...Array(88).fill(null), 1, 1]);
  assertEquals(meanUptime(days), 1);
  assertEquals(meanUptime(uptimeOf([], { ...UP, since: NOW }, NOW)), null);
});

Deno.test("uptimeOf() counts from when a mirror went down until it came back", () => {
  const events: MirrorEvent[] = [
    { type: "added", mirrorId: 1, time: MIDNIGHT - 3 * DAY },
    state(MIDNIGHT - 3 * DAY + 6 * HOUR, true),
    state(MIDNIGHT - 2 * DAY - 6 * HOUR, false),
    state(MIDNIGHT - 2 * DAY + 6 * HOUR, true),
  ];
  const days = uptimeOf(events, { ...UP, since: MIDNIGHT - 2 * DAY + 6 * HOUR }, NOW);
  assertEquals(days.slice(-5).map(({ up }) => up), [null, 0.5, 0.75, 1, 1]);
});

Deno.test("uptimeOf() takes one protocol for enough, and leaves out what was planned", () => {
  const facts = { enabled: true, protocols: { http: true, https: true }, since: null };
  const events: MirrorEvent[] = [
    { type: "edited", mirrorId: 1, time: MIDNIGHT - 2 * DAY },
    state(MIDNIGHT - DAY, false, "https"),
    state(MIDNIGHT - DAY + 6 * HOUR, true, "https"),
    { type: "disabled", mirrorId: 1, time: MIDNIGHT },
    { type: "enabled", mirrorId: 1, time: MIDNIGHT + 6 * HOUR },
    state(MIDNIGHT + 9 * HOUR, false, "http"),
    state(MIDNIGHT + 9 * HOUR, false, "https"),
    state(MIDNIGHT + 12 * HOUR - 1, true, "https"),
    state(MIDNIGHT + 12 * HOUR, true, "http"),
  ];
  const days = uptimeOf(events, facts, NOW);
  const [before, last] = days.slice(-2).map(({ up }) => up);
  assertEquals(before, 1);
  assert(Math.abs(last! - 0.5) < 0.001, `${last}`);
});

Deno.test("uptimeOf() gives parts of days, whatever is in the log", () => {
  const event = fc.record({
    time: fc.integer({ min: NOW - 100 * DAY, max: NOW + DAY }),
    kind: fc.constantFrom("up", "down", "enabled", "disabled", "added"),
    protocol: fc.constantFrom("http" as const, "https" as const),
  });
  fc.assert(fc.property(fc.array(event), fc.boolean(), (list, enabled) => {
    const events = list.map(({ time, kind, protocol }): MirrorEvent =>
      kind === "up" || kind === "down"
        ? state(time, kind === "up", protocol)
        : { type: kind as "added", mirrorId: 1, time }
    ).sort((a, b) => a.time - b.time);
    const days = uptimeOf(events, { enabled, protocols: { http: true }, since: NOW }, NOW);
    assertEquals(days.length, UPTIME_DAYS);
    for (const { up } of days) assert(up === null || (up >= 0 && up <= 1), `${up}`);
  }));
});
