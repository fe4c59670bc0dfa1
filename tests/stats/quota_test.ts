import { assertEquals } from "@std/assert";
import type { MirrorRecord } from "../../lib/catalog/mirror_state.ts";
import { daysOfMonth, quotaFactor } from "../../lib/stats/quota.ts";
import { type QuotaFactors, QuotaWatch } from "../../lib/stats/quota_watch.ts";
import { StoreUnavailableError } from "../../lib/store/store.ts";
import { mirrorRecord } from "../selection/fixtures.ts";
import { FakeClock } from "../support/fake_clock.ts";
import { MemoryLog } from "../support/memory_log.ts";

Deno.test("daysOfMonth() begins on the day, or on the last one of a shorter month", () => {
  const cases: [now: string, monthStarts: number, first: string, count: number][] = [
    ["2026-11-22T23:59:59.999Z", 1, "2026-11-01", 22],
    ["2026-11-01T00:00:00Z", 1, "2026-11-01", 1],
    ["2026-11-11T23:59:59Z", 12, "2026-10-12", 31],
    ["2026-11-12T00:00:00Z", 12, "2026-11-12", 1],
    ["2026-02-27T12:00:00Z", 31, "2026-01-31", 28],
    ["2026-02-28T12:00:00Z", 31, "2026-02-28", 1],
    ["2026-03-30T12:00:00Z", 31, "2026-02-28", 31],
    ["2026-03-31T00:00:00Z", 31, "2026-03-31", 1],
    ["2028-02-29T00:00:00Z", 30, "2028-02-29", 1],
    ["2028-02-28T00:00:00Z", 30, "2028-01-30", 30],
    ["2027-01-01T00:00:00Z", 15, "2026-12-15", 18],
  ];
  for (const [now, monthStarts, first, count] of cases) {
    const days = daysOfMonth(Date.parse(now), monthStarts);
    assertEquals([days[0], days.length, days.at(-1)], [first, count, now.slice(0, 10)], now);
  }
});

Deno.test("quotaFactor() falls from 80 % on, in proportion", () => {
  const used = [0, 79.9, 80, 85, 90, 95, 99, 100, 200];
  const factors = used.map((one) => Math.round(quotaFactor(one, 100) * 100) / 100);
  assertEquals(factors, [1, 1, 1, 0.75, 0.5, 0.25, 0.05, 0, 0]);
  assertEquals(quotaFactor(5, 0), 1);
});

class Watched {
  readonly clock = new FakeClock(Date.UTC(2026, 10, 22, 23, 59));
  readonly log = new MemoryLog();
  readonly told: QuotaFactors[] = [];
  /** Bytes by day and mirror. */
  readonly counts = new Map<string, number>();
  readonly watch: QuotaWatch;
  away = false;

  constructor(mirrors: MirrorRecord[]) {
    this.watch = new QuotaWatch({
      store: {
        mirrors: () =>
          this.away ? Promise.reject(new StoreUnavailableError("away")) : Promise.resolve(mirrors),
        mirrorDownloads: (days) =>
          new Map(mirrors.map(({ id }) => [id, {
            downloads: 0,
            bytes: days.reduce((sum, day) => sum + (this.counts.get(`${day} ${id}`) ?? 0), 0),
          }])),
      },
      clock: this.clock,
      changed: (factors) => this.told.push(factors),
      log: this.log,
    });
  }

  get warnings(): number {
    return this.log.lines.filter((line) => line.startsWith("warn: ")).length;
  }
}

Deno.test("QuotaWatch tells what days and months leave of a mirror's weight, once", async () => {
  const watched = new Watched([
    mirrorRecord(1, { maxDay: 100 }),
    mirrorRecord(2, { maxMonth: 1000, monthStarts: 20 }),
    mirrorRecord(3),
    mirrorRecord(4, { maxDay: 100, maxMonth: 1000 }),
  ]);
  await watched.watch.look();
  assertEquals(watched.told, []);
  watched.counts.set("2026-11-22 1", 90);
  watched.counts.set("2026-11-19 2", 5000);
  watched.counts.set("2026-11-20 2", 500);
  watched.counts.set("2026-11-22 2", 350);
  watched.counts.set("2026-11-22 3", 1e15);
  watched.counts.set("2026-11-01 4", 950);
  watched.counts.set("2026-11-22 4", 90);
  await watched.watch.look();
  await watched.watch.look();
  assertEquals(watched.told.map((one) => [...one].sort()), [[[1, 0.5], [2, 0.75], [4, 0]]]);
});

Deno.test("QuotaWatch looks every ten seconds, and a quota comes back on its day", async () => {
  const watched = new Watched([mirrorRecord(1, { maxDay: 100 })]);
  const stop = new AbortController();
  const running = watched.watch.run(stop.signal);
  watched.counts.set("2026-11-22 1", 100);
  await watched.clock.advance(10_000);
  assertEquals(watched.told.at(-1), new Map([[1, 0]]));
  watched.away = true;
  await watched.clock.advance(60_000);
  assertEquals(watched.told.length, 1);
  watched.away = false;
  await watched.clock.advance(10_000);
  assertEquals([watched.told.length, watched.told.at(-1)], [2, new Map()]);
  stop.abort();
  await running;
});

Deno.test("QuotaWatch says at 80 and at 100 % so, once for each period", async () => {
  const watched = new Watched([mirrorRecord(1, { maxDay: 1_000_000 })]);
  const warnings: number[] = [];
  for (const bytes of [799_999, 800_000, 990_000, 1_000_000, 2_000_000]) {
    watched.counts.set("2026-11-22 1", bytes);
    await watched.watch.look();
    warnings.push(watched.warnings);
  }
  assertEquals(warnings, [0, 1, 1, 2, 2]);
  watched.clock.tick(86_400_000);
  watched.counts.set("2026-11-23 1", 900_000);
  await watched.watch.look();
  assertEquals(watched.warnings, 3);
});

Deno.test("QuotaWatch tells each mark of a mirror once, until its day or limit is another", async () => {
  const mirrors = [mirrorRecord(1, { maxDay: 100 })];
  const told: string[] = [];
  const counts = new Map<string, number>();
  const clock = new FakeClock(Date.UTC(2026, 10, 22, 12));
  const watch = new QuotaWatch({
    store: {
      mirrors: () => Promise.resolve(mirrors),
      mirrorDownloads: (days) =>
        new Map([[1, {
          downloads: 0,
          bytes: days.reduce((sum, day) => sum + (counts.get(`${day}`) ?? 0), 0),
        }]]),
    },
    clock,
    changed: () => {},
    log: new MemoryLog(),
    reached: ({ name }, { of, percent, limit }) => told.push(`${name} ${of} ${percent} ${limit}`),
  });
  const look = async (day: string, bytes: number): Promise<string[]> => {
    counts.set(day, bytes);
    await watch.look();
    return told.splice(0);
  };
  assertEquals(await look("2026-11-22", 79), []);
  assertEquals(await look("2026-11-22", 80), ["m1 day 80 100"]);
  assertEquals(await look("2026-11-22", 90), []);
  assertEquals(await look("2026-11-22", 100), ["m1 day 100 100"]);
  assertEquals(await look("2026-11-22", 120), []);
  await clock.advance(24 * 3_600_000);
  assertEquals(await look("2026-11-23", 85), ["m1 day 80 100"]);
});

Deno.test("QuotaWatch leaves a hundredth until all is used, and tells what was used most first", async () => {
  const watched = new Watched([mirrorRecord(1, { maxDay: 10_000, maxMonth: 100_000 })]);
  const used = async (bytes: number, earlier = 0): Promise<unknown[]> => {
    watched.counts.set("2026-11-22 1", bytes);
    watched.counts.set("2026-11-02 1", earlier);
    await watched.watch.look();
    const { factors, uses } = watched.watch;
    return [factors.get(1), ...uses!.map(({ mark, start }) => `${mark} ${start}`)];
  };
  assertEquals(await used(9_500), [0.25, "80 2026-11-22"]);
  assertEquals(await used(9_501), [0.25, "80 2026-11-22"]);
  assertEquals(await used(9_999), [0.01, "80 2026-11-22"]);
  assertEquals(await used(10_000), [0, "100 2026-11-22"]);
  assertEquals(await used(10_000, 70_000), [0, "100 2026-11-22"]);
  assertEquals(await used(8_000, 92_000), [0, "100 2026-11-01"]);
});
