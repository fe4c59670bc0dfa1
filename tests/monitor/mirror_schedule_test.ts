import { assert, assertEquals } from "@std/assert";
import type { MirrorRecord } from "../../lib/catalog/mirror_state.ts";
import { MirrorSchedule } from "../../lib/monitor/mirror_schedule.ts";
import { MirrorSchedules } from "../../lib/monitor/mirror_schedules.ts";
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

Deno.test("MirrorSchedule has a mirror checked at once that is elsewhere now", () => {
  const schedule = new MirrorSchedule();
  const overdue = (): number => schedule.checkOverdue(scanned, { checkInterval: 5 }, NOW + 1000);
  schedule.note(scanned);
  schedule.checkStarted(NOW);
  schedule.checking = false;
  schedule.note(scanned);
  assert(overdue() < 0);
  schedule.note({ ...scanned, httpUrl: "https://elsewhere.example/" });
  assertEquals(overdue(), Infinity);
});

Deno.test("MirrorSchedule has certificates looked at once a day, and when a mirror goes up or down", () => {
  const schedule = new MirrorSchedule();
  const due = (stateSince: number | null, hours: number): boolean =>
    schedule.certificateDue({ stateSince }, NOW + hours * 60 * MINUTE);
  assertEquals([due(NOW, 0), due(NOW, 1), due(NOW, 23)], [true, false, false]);
  assertEquals([due(NOW, 24), due(NOW, 25)], [true, false]);
  assertEquals([due(NOW + 1, 26), due(NOW + 1, 27)], [true, false]);
  // The clock was set back.
  assertEquals([due(NOW + 1, 2), due(NOW + 1, 3)], [true, false]);
});

Deno.test("MirrorSchedule checks no mirror that is disabled or was never scanned", () => {
  const settings = { checkInterval: 0 };
  const check = (mirror: typeof scanned): number =>
    new MirrorSchedule().checkOverdue(mirror, settings, NOW);
  assert(check({ ...scanned, enabled: false }) < 0);
  assert(check({ ...scanned, unchecked: true }) < 0);
  assert(check({ ...scanned, lastSuccessfulSync: null }) < 0);
});

Deno.test("MirrorSchedule scans in intervals since the last scan, whatever its outcome", () => {
  const settings = { scanInterval: 30, httpScan: "off" } as const;
  const schedule = new MirrorSchedule();
  const overdue = (mirror: typeof scanned, now: number): number =>
    schedule.scanOverdue(mirror, settings, now);
  assertEquals(overdue({ ...scanned, lastSync: null }, NOW), Infinity);
  assert(overdue(scanned, NOW + 30 * MINUTE - 1) < 0);
  assertEquals(overdue(scanned, NOW + 30 * MINUTE), 0);
  assert(overdue({ ...scanned, enabled: false }, NOW + 60 * MINUTE) < 0);
  assert(overdue({ ...scanned, unchecked: true }, NOW + 60 * MINUTE) < 0);
  assert(overdue({ ...scanned, rsyncUrl: "" }, NOW + 60 * MINUTE) < 0);
  schedule.scanned(NOW + 30 * MINUTE);
  assert(overdue(scanned, NOW + 31 * MINUTE) < 0, "before the store says so");
  schedule.postponeScan(NOW + 60 * MINUTE + 5000);
  assert(overdue(scanned, NOW + 60 * MINUTE) < 0);
  assert(overdue(scanned, NOW + 60 * MINUTE + 5000) >= 0);
});

Deno.test("MirrorSchedule does not let a mirror wait that was enabled", () => {
  const settings = { checkInterval: 10, scanInterval: 10, httpScan: "off" } as const;
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
  const settings = { scanInterval: 30, httpScan: "off" } as const;
  assertEquals(
    new MirrorSchedule().scanOverdue(scanned, settings, NOW - 60 * MINUTE),
    Infinity,
  );
});

Deno.test("MirrorSchedule scans anew for a source that changed only what could not be found in it", () => {
  const settings = { scanInterval: 30, httpScan: "off" } as const;
  const schedule = new MirrorSchedule();
  const isDue = (): boolean => schedule.scanOverdue(scanned, settings, NOW) === Infinity;
  schedule.sourceChanged();
  assert(!isDue(), "nothing waits for files");
  schedule.waitForFiles();
  assert(!isDue(), "they are not there yet");
  schedule.sourceChanged();
  assert(isDue());
  schedule.scanned(NOW);
  schedule.sourceChanged();
  assert(!isDue(), "it was scanned since");
});

Deno.test("MirrorSchedule puts nothing off for longer because the clock was set back", () => {
  const settings = { checkInterval: 1, scanInterval: 30, httpScan: "off" } as const;
  const schedule = new MirrorSchedule();
  schedule.checked({ ...calm, busy: 1, wait: 2 * MINUTE }, settings, NOW);
  const check = (now: number): number => schedule.checkOverdue(scanned, settings, now);
  assertEquals([check(NOW + 1), check(NOW - 4 * MINUTE)], [-1, Infinity]);
  schedule.wantScan();
  schedule.postponeScan(NOW + 4000);
  const scan = (now: number): number => schedule.scanOverdue(scanned, settings, now);
  assertEquals([scan(NOW), scan(NOW - 1000), scan(NOW - 1001)], [-1, -1, Infinity]);
  schedule.checked({ ...calm, forgot: true }, settings, NOW);
  schedule.scanned(NOW);
  schedule.checked({ ...calm, forgot: true }, settings, NOW - 10 * MINUTE);
  assert(scan(NOW) !== Infinity);
  schedule.checked({ ...calm, forgot: true }, settings, NOW - 30 * MINUTE);
  assertEquals(scan(NOW), Infinity);
});

const calm = { busy: 0, wait: null, forgot: false, held: false };

Deno.test("MirrorSchedule leaves a busy mirror alone as long as it asks for", () => {
  const schedule = new MirrorSchedule();
  const settings = { checkInterval: 1, scanInterval: 30, httpScan: "off" } as const;
  const overdue = (now: number): number => schedule.checkOverdue(scanned, settings, now);
  schedule.checkStarted(NOW);
  schedule.checking = false;
  schedule.checked({ ...calm, busy: 1, wait: 2 * MINUTE }, settings, NOW);
  assertEquals(schedule.busy, 1);
  assert(overdue(NOW + MINUTE) < 0);
  assert(overdue(NOW + 2 * MINUTE) >= 0);
  schedule.checked(calm, settings, NOW + 2 * MINUTE);
  assertEquals(schedule.busy, 0);
});

Deno.test("MirrorSchedule scans a mirror that lacks a file once in a scan interval", () => {
  const schedule = new MirrorSchedule();
  const settings = { checkInterval: 1, scanInterval: 30, httpScan: "off" } as const;
  const mirror = { ...scanned, lastSync: NOW };
  const overdue = (now: number): number => schedule.scanOverdue(mirror, settings, now);
  schedule.checked({ ...calm, forgot: true }, settings, NOW);
  assertEquals(overdue(NOW), Infinity);
  schedule.scanned(NOW + 1);
  schedule.checked({ ...calm, forgot: true }, settings, NOW + MINUTE);
  assert(overdue(NOW + MINUTE) < 0);
  schedule.checked({ ...calm, forgot: true }, settings, NOW + 30 * MINUTE);
  assertEquals(overdue(NOW + 30 * MINUTE), Infinity);
});

Deno.test("MirrorSchedule scans a mirror that was away for long before it serves", () => {
  const settings = { checkInterval: 1, scanInterval: 30, httpScan: "off" } as const;
  const away = { ...scanned, httpUp: false, httpsUp: false, stateSince: NOW, lastSync: NOW };
  const held = { ...calm, held: true };
  const schedule = new MirrorSchedule();
  const must = (now: number, mirror: MirrorRecord = away): boolean =>
    schedule.mustScanFirst(mirror, settings, now);
  assert(!must(NOW + 30 * MINUTE));
  const back = NOW + 31 * MINUTE;
  assert(must(back));
  assert(!must(back, { ...away, stateSince: null }), "it is new");
  const plain = { ...away, rsyncUrl: "", ftpUrl: "" };
  assert(!must(back, plain), "it cannot be scanned");
  assert(schedule.mustScanFirst(plain, { ...settings, httpScan: "auto" }, back), "over HTTP");
  assert(!must(back, { ...away, unchecked: true }), "it is not scanned from here");
  schedule.checked(held, settings, back);
  assertEquals(schedule.scanOverdue(away, settings, back), Infinity);
  assert(must(back + MINUTE), "the scan runs");
  assert(!must(back - 1), "the clock was set back");
  assert(!must(back + 10 * MINUTE), "it takes too long");
  schedule.checkStarted(back);
  schedule.checking = false;
  schedule.scanned(back + 2 * MINUTE);
  assert(!must(back + 2 * MINUTE), "the scan ended");
  assertEquals(schedule.checkOverdue(away, settings, back + 2 * MINUTE), Infinity);
  schedule.checked(calm, settings, back + 2 * MINUTE);
  assert(must(back + 40 * MINUTE), "it went again");
});

Deno.test("MirrorSchedule has a mirror checked again whose state was forgotten while a check ran", () => {
  const schedule = new MirrorSchedule();
  const settings = { checkInterval: 1 };
  const up = { ...scanned, httpUp: true, stateSince: NOW - MINUTE };
  const overdue = (): number => schedule.checkOverdue(up, settings, NOW);
  schedule.note(up);
  schedule.checkStarted(NOW);
  schedule.note({ ...up, stateSince: null });
  schedule.checking = false;
  assertEquals(overdue(), Infinity);
  // One that nobody knows yet is not checked all the time.
  schedule.checkStarted(NOW);
  schedule.note({ ...up, stateSince: null });
  schedule.checking = false;
  assert(overdue() < 0);
});

Deno.test("MirrorSchedules forget mirrors that are gone, once nothing of theirs runs", () => {
  const schedules = new MirrorSchedules();
  const all = [1, 2, 3, 4].map((id) => schedules.of(id));
  all[1]!.checking = true;
  all[2]!.scanning = true;
  schedules.keepOnly(new Set([1]));
  assertEquals([...schedules.all()], all.slice(0, 3));
  all[1]!.checking = all[2]!.scanning = false;
  schedules.keepOnly(new Set([1]));
  assertEquals([[...schedules.all()], schedules.of(1) === all[0]], [[all[0]], true]);
});

Deno.test("MirrorSchedule scans no mirror that is asked for single files, or has no way to be listed", () => {
  const due = (changes: Partial<MirrorRecord>, httpScan: "off" | "auto" = "off"): boolean =>
    new MirrorSchedule().scanOverdue(
      { ...scanned, lastSync: null, ...changes },
      { scanInterval: 30, httpScan },
      NOW,
    ) > 0;
  const plain = { rsyncUrl: "", ftpUrl: "" };
  assertEquals([due({}), due(plain), due(plain, "auto")], [true, false, true]);
  assertEquals(due({ ...plain, ftpUrl: "ftp://m/" }), true);
  assertEquals([due({ wholeTree: true }), due({ unchecked: true })], [false, false]);
});
