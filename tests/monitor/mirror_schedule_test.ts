import { assert, assertEquals } from "@std/assert";
import { MirrorSchedule } from "../../lib/monitor/mirror_schedule.ts";
import { fakeMirror } from "../support/fake_store.ts";

const NOW = 1_800_000_000_000;
const MINUTE = 60_000;
const scanned = fakeMirror({ rsyncUrl: "rsync://m/", lastSync: NOW, lastSuccessfulSync: NOW });

Deno.test("MirrorSchedule checks a mirror in intervals, at most once a second", () => {
  for (const [checkInterval, period] of [[1, MINUTE], [0, 1000]] as const) {
    const schedule = new MirrorSchedule();
    const overdue = (now: number): number => schedule.checkOverdue(scanned, { checkInterval }, now);
    assertEquals(overdue(NOW), Infinity);
    schedule.checkStarted(NOW);
    assert(overdue(NOW + 10 * period) < 0, "while it is checked");
    schedule.checking = false;
    assert(overdue(NOW + period - 1) < 0);
    assertEquals(overdue(NOW + period + 5), 5);
  }
});

Deno.test("MirrorSchedule checks no mirror that is disabled or was never scanned", () => {
  const settings = { checkInterval: 0 };
  const check = (mirror: typeof scanned): number =>
    new MirrorSchedule().checkOverdue(mirror, settings, NOW);
  assert(check({ ...scanned, enabled: false }) < 0);
  assert(check({ ...scanned, lastSuccessfulSync: null }) < 0);
});

Deno.test("MirrorSchedule scans in intervals since the last scan, whatever its outcome", () => {
  const settings = { scanInterval: 30 };
  const schedule = new MirrorSchedule();
  const overdue = (mirror: typeof scanned, now: number): number =>
    schedule.scanOverdue(mirror, settings, now);
  assertEquals(overdue({ ...scanned, lastSync: null }, NOW), Infinity);
  assert(overdue(scanned, NOW + 30 * MINUTE - 1) < 0);
  assertEquals(overdue(scanned, NOW + 30 * MINUTE), 0);
  assert(overdue({ ...scanned, enabled: false }, NOW + 60 * MINUTE) < 0);
  assert(overdue({ ...scanned, rsyncUrl: "" }, NOW + 60 * MINUTE) < 0);
  schedule.scanned(NOW + 30 * MINUTE);
  assert(overdue(scanned, NOW + 31 * MINUTE) < 0, "before the store says so");
  schedule.postponeScan(NOW + 61 * MINUTE);
  assert(overdue(scanned, NOW + 60 * MINUTE) < 0);
  assert(overdue(scanned, NOW + 61 * MINUTE) >= 0);
});

Deno.test("MirrorSchedule does not let a mirror wait that was enabled", () => {
  const settings = { checkInterval: 10, scanInterval: 10 };
  const schedule = new MirrorSchedule();
  schedule.note({ ...scanned, enabled: false });
  schedule.checkStarted(NOW);
  schedule.checking = false;
  schedule.note(scanned);
  assertEquals(schedule.checkOverdue(scanned, settings, NOW + 1), Infinity);
  assert(schedule.scanOverdue(scanned, settings, NOW + 1) < 0, "it was scanned just now");

  const failed = { ...scanned, lastSuccessfulSync: null };
  const other = new MirrorSchedule();
  other.note({ ...failed, enabled: false });
  other.note(failed);
  assertEquals(other.scanOverdue(failed, settings, NOW + 1), Infinity);
  other.scanned(NOW + 2);
  assert(other.scanOverdue(failed, settings, NOW + 3) < 0);
});

Deno.test("MirrorSchedule does not wait for a clock that was set back", () => {
  const settings = { scanInterval: 30 };
  assertEquals(
    new MirrorSchedule().scanOverdue(scanned, settings, NOW - 60 * MINUTE),
    Infinity,
  );
});
