import { assertEquals, assertThrows } from "@std/assert";
import type { MirrorEvent } from "../../lib/catalog/mirror_event.ts";
import { ListingError } from "../../lib/scan/lister.ts";
import { endOfScan, ScanPace } from "../../lib/scan/scan_pace.ts";

const MINUTE = 60_000;
const START = 1_800_000_000_000;

/** Looks every ten seconds at a listing with so many entries a minute; when it was given up. */
function givenUp(perMinute: (minute: number) => number, end = Infinity): number | null {
  const pace = new ScanPace({ start: START, end });
  let entries = 0;
  for (let time = 0; time <= 200 * MINUTE; time += 10_000) {
    try {
      pace.look(START + time, Math.floor(entries));
    } catch (error) {
      assertEquals(error instanceof ListingError, true);
      return time / MINUTE;
    }
    entries += perMinute(time / MINUTE) / 6;
  }
  return null;
}

Deno.test("ScanPace gives up what shows fewer than 100 entries in 10 minutes", () => {
  assertEquals(givenUp(() => 0), 10);
  assertEquals(givenUp(() => 9), 10);
  assertEquals(givenUp(() => 11), null);
  // It may be quick for long, and then stand still.
  const stopped = givenUp((minute) => minute < 30 ? 1000 : 0)!;
  assertEquals(stopped >= 40 && stopped <= 41, true, `${stopped}`);
});

Deno.test("ScanPace gives up at the end, however quick it is", () => {
  assertEquals(givenUp(() => 100_000, START + 90 * MINUTE), 90);
});

Deno.test("ScanPace says when others need not wait", () => {
  const pace = new ScanPace({ start: START, end: Infinity });
  assertEquals(pace.look(START + MINUTE - 1, 0), false);
  assertEquals(pace.look(START + MINUTE, 60), true);
  assertEquals(pace.look(START + 2 * MINUTE, 400), false);
  assertEquals(pace.look(START + 3 * MINUTE, 410), true);
});

Deno.test("ScanPace begins anew where the clock is set back", () => {
  const pace = new ScanPace({ start: START, end: Infinity });
  pace.look(START + 5 * MINUTE, 300);
  pace.look(START - 500 * MINUTE, 310);
  pace.look(START - 491 * MINUTE, 320);
  assertThrows(() => pace.look(START - 490 * MINUTE, 330), ListingError);
});

Deno.test("endOfScan() is an hour, or ten times the last good scan", () => {
  const event = (type: string, minute: number): MirrorEvent =>
    ({ type, mirrorId: 1, time: START + minute * MINUTE }) as MirrorEvent;
  const scan = (start: number, end: number, how = "scan_completed"): MirrorEvent[] => [
    event("scan_started", start),
    event("enabled", start),
    event(how, end),
  ];
  for (
    const [events, minutes] of [
      [[], 60],
      [scan(0, 3), 60],
      [scan(0, 30), 300],
      [[...scan(0, 30), ...scan(40, 41, "error")], 300],
      [[...scan(0, 30), ...scan(40, 50), event("scan_started", 60)], 100],
      // One that began by rsync and ended well by FTP took as long as that.
      [[event("scan_started", 0), event("error", 1), ...scan(20, 40)], 200],
      [[event("scan_completed", 0)], 60],
    ] as const
  ) assertEquals(endOfScan(START, events), START + minutes * MINUTE);
});
