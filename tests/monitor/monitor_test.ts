import { assert, assertEquals, assertRejects } from "@std/assert";
import type { MirrorRecord } from "../../lib/catalog/mirror_state.ts";
import { ScanError } from "../../lib/catalog/scan_error.ts";
import type { MirrorScanResult, SourceScanResult } from "../../lib/catalog/scan_result.ts";
import { systemClock } from "../../lib/daemon/system_clock.ts";
import { Monitor } from "../../lib/monitor/monitor.ts";
import type { MonitorOptions } from "../../lib/monitor/monitor_options.ts";
import { NoSuchMirrorError, StoreUnavailableError } from "../../lib/store/store.ts";
import { fakeMirror, FakeStore } from "../support/fake_store.ts";
import { FakeClock } from "../support/fake_clock.ts";
import { MemoryLog } from "../support/memory_log.ts";
import { tempDir } from "../support/temp_dir.ts";
import { waitFor } from "../support/wait_for.ts";

const START = Date.UTC(2026, 10, 22, 12);

const MIRROR_RESULT: MirrorScanResult = {
  protocol: "rsync",
  indexed: 3,
  known: 2,
  removed: 1,
  timeZoneOffset: 0,
  warnings: [],
};
const SOURCE_RESULT: SourceScanResult = {
  files: 3,
  changed: 0,
  removed: 0,
  hashed: 0,
  bytes: 3,
  aliases: new Map([["/link", "/file"]]),
  outside: [],
  warnings: [],
};

/** A monitor over a fake store that notes what it starts. */
class Watched implements AsyncDisposable {
  readonly store: FakeStore;
  readonly log = new MemoryLog();
  readonly scans: number[] = [];
  readonly checks: number[] = [];
  sources = 0;
  readonly aliases: ReadonlyMap<string, string>[] = [];
  running = { scans: 0, checks: 0 };
  most = { scans: 0, checks: 0 };
  config = {
    checkInterval: 10,
    disableAfter: 0,
    staleAfter: 2880,
    concurrentSync: 2,
    exclude: [] as string[],
    maxScanAge: 0,
    httpScan: "auto" as const,
    repository: "/repository",
    repositoryScanInterval: 0,
    scanInterval: 10,
    watchRepository: false,
  };
  /** What a scan does before it ends well. */
  scan: (mirror: MirrorRecord, signal: AbortSignal, onSlow: () => void) => Promise<void> = () =>
    Promise.resolve();
  check: (mirror: MirrorRecord, signal: AbortSignal) => Promise<void> = () => Promise.resolve();
  source: (signal: AbortSignal) => Promise<void> = () => Promise.resolve();
  readonly clock = new FakeClock(START);
  readonly stop = new AbortController();
  readonly monitor: Monitor;
  /** What the checks were told. */
  readonly requests: { readonly busy: number; readonly hold: boolean }[] = [];
  /** What each check leaves to the monitor. */
  outcome = { busy: 0, wait: null as number | null, forgot: false, held: false };
  #run: Promise<void> | null = null;

  constructor(mirrors: MirrorRecord[] = [], options: Partial<MonitorOptions> = {}) {
    this.store = new FakeStore(...mirrors);
    this.monitor = new Monitor({
      store: this.store,
      config: () => this.config,
      scanMirror: async (mirror, { signal, onSlow }) => {
        this.scans.push(mirror.id);
        await this.#count("scans", () => this.scan(mirror, signal, onSlow!));
        const time = this.clock.now();
        await this.store.updateMirrorState(mirror.id, { lastSync: time, lastSuccessfulSync: time });
        return MIRROR_RESULT;
      },
      scanSource: async ({ signal }) => {
        this.sources++;
        await this.source(signal);
        return SOURCE_RESULT;
      },
      checkHealth: async (mirror, { signal, ...request }) => {
        this.checks.push(mirror.id);
        this.requests.push(request);
        await this.#count("checks", () => this.check(mirror, signal));
        return this.outcome;
      },
      onSourceScanned: ({ aliases }) => this.aliases.push(aliases),
      cluster: null,
      log: this.log,
      clock: this.clock,
      signal: this.stop.signal,
      ...options,
    });
  }

  async #count(kind: "scans" | "checks", work: () => Promise<void>): Promise<void> {
    this.running[kind]++;
    this.most[kind] = Math.max(this.most[kind], this.running[kind]);
    try {
      await work();
    } finally {
      this.running[kind]--;
    }
  }

  /** Steps the clock until a condition holds. */
  async until(condition: () => boolean, { what }: { readonly what: string }): Promise<void> {
    for (let step = 0; !condition(); step++) {
      assert(step < 1000, `Waited in vain for ${what}`);
      await this.clock.advance(250);
    }
  }

  start(): this {
    this.#run = this.monitor.run();
    return this;
  }

  async end(): Promise<void> {
    this.stop.abort(new Error("The end"));
    await this.#run;
    await this.monitor[Symbol.asyncDispose]();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.end();
  }
}

/** Ends when it is told to, or with the signal. */
function untilAborted(signal: AbortSignal): Promise<void> {
  return new Promise((_, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason));
  });
}

const mirrors = (count: number, values: Partial<MirrorRecord> = {}): MirrorRecord[] =>
  Array.from(
    { length: count },
    (_, index) => fakeMirror({ id: index + 1, rsyncUrl: "rsync://m/", ...values }),
  );
const scannedNow = (): Partial<MirrorRecord> => ({
  lastSync: START,
  lastSuccessfulSync: START,
});

Deno.test("Monitor scans the source at the start and delivers its aliases", async () => {
  await using watched = new Watched().start();
  await watched.until(() => watched.aliases.length > 0, { what: "the source scan" });
  assertEquals(watched.aliases[0]!.get("/link"), "/file");
  assertEquals(watched.sources, 1);
});

Deno.test("Monitor scans the source again in intervals, and when the repository is another", async () => {
  await using watched = new Watched();
  watched.config.repositoryScanInterval = 5;
  watched.start();
  await watched.until(() => watched.aliases.length === 1, { what: "the first source scan" });
  watched.clock.set(watched.clock.now() + 5 * 60_000);
  await watched.until(() => watched.aliases.length === 2, { what: "the next source scan" });
  watched.config = { ...watched.config, repositoryScanInterval: 0, repository: "/other" };
  await watched.until(() => watched.aliases.length === 3, { what: "the other repository's scan" });
  assertEquals(watched.sources, 3);
});

Deno.test("Monitor scans what was never scanned, then checks it", async () => {
  await using watched = new Watched(mirrors(1)).start();
  await watched.until(() => watched.checks.length > 0, { what: "the check" });
  assertEquals(watched.scans, [1]);
  assertEquals(watched.checks, [1]);
});

Deno.test("Monitor leaves disabled mirrors alone, and starts at once when they are enabled", async () => {
  await using watched = new Watched(mirrors(1, { enabled: false })).start();
  await watched.until(() => watched.store.reads > 0 && watched.sources > 0, { what: "the start" });
  await watched.clock.advance(300);
  assertEquals([watched.scans, watched.checks], [[], []]);
  const start = watched.clock.elapsed();
  watched.store.change(1, { enabled: true });
  await watched.until(() => watched.checks.length > 0, { what: "the check" });
  assert(watched.clock.elapsed() - start < 2000);
  assertEquals(watched.scans, [1]);
  watched.store.change(2, { enabled: true, rsyncUrl: "rsync://new/" });
  await watched.until(() => watched.checks.includes(2), { what: "the check of a new mirror" });
});

Deno.test("Monitor checks an enabled mirror again and again, without a scan in between", async () => {
  await using watched = new Watched(mirrors(1, scannedNow()));
  watched.config.checkInterval = 0;
  watched.start();
  await watched.until(() => watched.checks.length >= 3, { what: "three checks" });
  assertEquals(watched.scans, []);
});

Deno.test("Monitor takes over a changed interval", async () => {
  await using watched = new Watched(mirrors(1, scannedNow())).start();
  await watched.until(() => watched.checks.length === 1, { what: "the first check" });
  watched.config = { ...watched.config, checkInterval: 0 };
  await watched.until(() => watched.checks.length >= 2, { what: "the next check" });
});

Deno.test("Monitor checks a mirror that is down after a scan that succeeded", async () => {
  const down = { stateSince: 1, httpDownReason: "Unreachable", ...scannedNow() };
  await using watched = new Watched(mirrors(1, down)).start();
  await watched.until(() => watched.checks.length === 1, { what: "the first check" });
  const { signal } = new AbortController();
  assertEquals(await watched.monitor.scanMirrorNow(1, { signal }), MIRROR_RESULT);
  await watched.until(() => watched.checks.length === 2, { what: "the check after the scan" });
});

Deno.test("Monitor checks ten and scans ConcurrentSync at once at most, and everyone in the end", async () => {
  await using watched = new Watched([
    ...mirrors(30, scannedNow()),
    ...Array.from({ length: 9 }, (_, index) => fakeMirror({ id: 100 + index, ftpUrl: "ftp://m/" })),
  ]);
  const brief = () => watched.clock.delay(20);
  watched.scan = brief;
  watched.check = brief;
  watched.start();
  await watched.until(() => new Set(watched.checks).size === 39, { what: "every check" });
  assertEquals(watched.most, { scans: 2, checks: 10 });
  assertEquals(watched.scans.toSorted((a, b) => a - b).length, 9);
});

Deno.test("Monitor never scans a mirror twice at once", async () => {
  await using watched = new Watched(mirrors(1));
  watched.scan = (_mirror, signal) => untilAborted(signal);
  watched.start();
  await watched.until(() => watched.running.scans === 1, { what: "the scan" });
  const { signal } = new AbortController();
  const error = await assertRejects(
    () => watched.monitor.scanMirrorNow(1, { signal }),
    ScanError,
    "already in progress",
  );
  assertEquals((error as ScanError).reason, "in_progress");
  assertEquals(watched.scans, [1]);
});

Deno.test("Monitor works on demand without its schedule", async () => {
  await using watched = new Watched(mirrors(3));
  watched.config.concurrentSync = 1;
  const { signal } = new AbortController();
  await watched.monitor.scanSourceNow({ signal });
  assertEquals(watched.aliases.length, 1);
  watched.scan = () => Promise.resolve();
  await Promise.all([1, 2, 3].map((id) => watched.monitor.scanMirrorNow(id, { signal })));
  assertEquals(watched.most.scans, 1);
  assertEquals(watched.scans, [1, 2, 3]);
  assertEquals(watched.checks, []);
  await assertRejects(() => watched.monitor.scanMirrorNow(9, { signal }), NoSuchMirrorError);
});

Deno.test("Monitor scans other mirrors beside slow ones, up to a bound", async () => {
  await using watched = new Watched(mirrors(20));
  watched.config.concurrentSync = 2;
  watched.scan = (_mirror, signal, onSlow) => {
    onSlow();
    return untilAborted(signal);
  };
  watched.start();
  await watched.until(() => watched.running.scans === 10, {
    what: "two scans, and eight slow ones",
  });
  const { signal } = new AbortController();
  const asked = watched.monitor.scanMirrorNow(20, { signal });
  asked.catch(() => {});
  await watched.clock.advance(600);
  assertEquals(watched.most.scans, 10);
  await watched.end();
  await assertRejects(() => asked, Error, "The end");
});

Deno.test("Monitor lets who waits for a turn give up", async () => {
  await using watched = new Watched(mirrors(2));
  watched.config.concurrentSync = 1;
  watched.scan = (_mirror, signal) => untilAborted(signal);
  const first = new AbortController();
  const second = new AbortController();
  const scans = [
    watched.monitor.scanMirrorNow(1, { signal: first.signal }),
    watched.monitor.scanMirrorNow(2, { signal: second.signal }),
  ];
  await watched.until(() => watched.running.scans === 1, { what: "the first scan" });
  second.abort(new Error("No patience"));
  await assertRejects(() => scans[1]!, Error, "No patience");
  first.abort(new Error("Enough"));
  await assertRejects(() => scans[0]!, Error, "Enough");
  assertEquals(watched.scans, [1]);
});

Deno.test("Monitor scans the source for the command line after the scan that runs", async () => {
  await using watched = new Watched();
  const { promise, resolve } = Promise.withResolvers<void>();
  watched.source = () => promise;
  watched.start();
  await watched.until(() => watched.sources === 1, { what: "the first source scan" });
  const { signal } = new AbortController();
  const refresh = watched.monitor.scanSourceNow({ signal });
  await watched.clock.advance(50);
  assertEquals(watched.sources, 1);
  resolve();
  assertEquals(await refresh, SOURCE_RESULT);
  assertEquals(watched.sources, 2);
});

Deno.test("Monitor stops everything within a second, and nothing runs on", async () => {
  const watched = new Watched([...mirrors(5), ...mirrors(2, { ...scannedNow(), id: 50 })]);
  watched.scan = (_mirror, signal) => untilAborted(signal);
  watched.check = (_mirror, signal) => untilAborted(signal);
  watched.source = untilAborted;
  watched.start();
  await watched.until(() => watched.running.scans > 0 && watched.running.checks > 0, {
    what: "scans and checks",
  });
  await watched.end();
  assertEquals(watched.running, { scans: 0, checks: 0 });
  const { signal } = new AbortController();
  await assertRejects(() => watched.monitor.scanSourceNow({ signal }), Error, "The end");
  assertEquals(watched.log.lines.filter((line) => line.startsWith("error")), []);
});

Deno.test("Monitor ends when nothing runs any more", async () => {
  await using watched = new Watched(mirrors(1));
  const { promise, resolve } = Promise.withResolvers<void>();
  watched.scan = () => promise;
  let ended = false;
  const run = watched.monitor.run().then(() => ended = true);
  await watched.until(() => watched.running.scans === 1, { what: "the scan" });
  watched.stop.abort(new Error("The end"));
  await watched.clock.advance(300);
  assertEquals(ended, false);
  resolve();
  await run;
  assertEquals(watched.running.scans, 0);
});

Deno.test("Monitor waits for a store that is away, without spinning or a word", async () => {
  await using watched = new Watched(mirrors(1));
  watched.store.available = false;
  watched.start();
  await watched.clock.advance(600);
  assert(watched.store.reads <= 2, `${watched.store.reads} reads`);
  assertEquals([watched.sources, watched.scans.length], [0, 0]);
  watched.store.available = true;
  await watched.until(() => watched.checks.length > 0 && watched.sources > 0, { what: "work" });
  assertEquals(watched.log.lines.filter((line) => /^(warn|error)/.test(line)), []);
});

Deno.test("Monitor tells a problem once, and goes on", async () => {
  await using watched = new Watched(mirrors(1, scannedNow()));
  watched.config.checkInterval = 0;
  watched.check = () => Promise.reject(new RangeError("A mistake"));
  watched.start();
  await watched.until(() => watched.checks.length >= 3, { what: "three checks" });
  assertEquals(watched.log.lines.filter((line) => line.startsWith("error")), [
    "error: Cannot check m1: A mistake",
  ]);
});

Deno.test("Monitor tries a scan again soon that could not begin, and a failed one after the interval", async () => {
  await using watched = new Watched(mirrors(3));
  watched.config.concurrentSync = 3;
  watched.scan = ({ id }) =>
    Promise.reject(
      id === 1
        ? new ScanError("in_progress", "elsewhere")
        : id === 2
        ? new StoreUnavailableError("away")
        : new ScanError("listing", "rsync: no"),
    );
  watched.start();
  await watched.until(() => watched.scans.length === 3, { what: "the first scans" });
  await watched.clock.advance(4000);
  assertEquals(watched.scans.length, 3);
  await watched.clock.advance(2000);
  await watched.until(() => watched.scans.length === 5, { what: "the second scans" });
  assertEquals(watched.scans.slice(3).toSorted(), [1, 2]);
  watched.clock.set(START + 11 * 60_000);
  await watched.until(() => watched.scans.includes(3) && watched.scans.length >= 8, {
    what: "the next interval",
  });
});

Deno.test("Monitor scans as soon as there is an index", async () => {
  await using watched = new Watched(mirrors(1));
  const { promise, resolve } = Promise.withResolvers<void>();
  let indexed = false;
  watched.source = () => promise;
  watched.scan = () =>
    indexed ? Promise.resolve() : Promise.reject(new ScanError("not_indexed", "not yet"));
  watched.start();
  await watched.until(() => watched.scans.length === 1, { what: "the first try" });
  indexed = true;
  resolve();
  await watched.until(() => watched.scans.length === 2, { what: "the scan" });
  // It is not for the time that passed.
  assert(watched.clock.elapsed() < 5000);
});

Deno.test("Monitor cares for the mirrors of its node only", async () => {
  const cluster = { nodes: () => ["a-1", "b-1"], self: "b-1", settled: false };
  await using watched = new Watched(mirrors(4, scannedNow()), { cluster }).start();
  await watched.until(() => watched.sources > 0, { what: "the start" });
  await watched.clock.advance(300);
  assertEquals(watched.checks, []);
  cluster.settled = true;
  await watched.until(() => watched.checks.length >= 2, { what: "the checks" });
  cluster.nodes = () => ["b-1"];
  await watched.until(() => watched.checks.length >= 4, { what: "the others' checks" });
  assertEquals(watched.checks, [3, 4, 1, 2]);
});

Deno.test("Monitor forgets a mirror that was removed", async () => {
  await using watched = new Watched(mirrors(1, scannedNow()));
  watched.config.checkInterval = 0;
  watched.start();
  await watched.until(() => watched.checks.length > 0, { what: "the check" });
  watched.store.records.delete(1);
  watched.store.publish({ type: "mirror", id: 1 });
  await watched.clock.advance(100);
  const { length } = watched.checks;
  await watched.clock.advance(1500);
  assertEquals(watched.checks.length, length);
});

Deno.test("Monitor scans the source at once when a file of it changes", async () => {
  await using root = await tempDir();
  await using watched = new Watched([], { clock: systemClock });
  watched.config = {
    ...watched.config,
    repository: root.path,
    repositoryScanInterval: 60,
    watchRepository: true,
  };
  watched.start();
  await waitFor(() => watched.log.lines.some((line) => line.startsWith("debug: Watching")), {
    what: "the watching",
  });
  await waitFor(() => watched.sources === 2, { what: "the scans of the start" });
  await Deno.writeTextFile(`${root.path}/file`, "");
  await waitFor(() => watched.sources === 3, { what: "the scan of the change" });
});

Deno.test("Monitor scans a mirror again whose time zone nobody could tell, when the source has other files", async () => {
  await using watched: Watched = new Watched(mirrors(1), {
    scanMirror: (mirror) => {
      watched.scans.push(mirror.id);
      return Promise.resolve({ ...MIRROR_RESULT, timeZoneUnknown: true });
    },
    scanSource: () => Promise.resolve({ ...SOURCE_RESULT, changed: watched.sources++ }),
  });
  watched.start();
  await watched.until(() => watched.scans.length === 1, { what: "the first scan" });
  await watched.monitor.scanSourceNow({ signal: watched.stop.signal });
  await watched.until(() => watched.scans.length === 2, { what: "the second scan" });
});

Deno.test("Monitor goes on when the clock was set back by months", async () => {
  await using watched = new Watched(mirrors(1));
  watched.scan = () => Promise.reject(new ScanError("in_progress", "elsewhere"));
  watched.source = () => Promise.reject(new StoreUnavailableError("away"));
  watched.start();
  await watched.until(() => watched.scans.length === 1, { what: "the first scan" });
  const before = watched.sources;
  watched.clock.set(START - 60 * 86_400_000);
  await watched.clock.advance(6000);
  assert(watched.scans.length > 1 && watched.sources > before);
});

Deno.test("Monitor serves the longest overdue mirror first", async () => {
  const minutes = [20, 50, 30, 40];
  const all = minutes.map((ago, index) =>
    fakeMirror({
      id: index + 1,
      rsyncUrl: "rsync://m/",
      lastSync: START - ago * 60_000,
      lastSuccessfulSync: START - ago * 60_000,
    })
  );
  await using watched = new Watched([...all, fakeMirror({ id: 5, rsyncUrl: "rsync://m/" })]);
  watched.config.concurrentSync = 1;
  watched.start();
  await watched.until(() => watched.scans.length === 5, { what: "every scan" });
  // Who was never scanned waits longest.
  assertEquals(watched.scans, [5, 2, 4, 3, 1]);
});

Deno.test("Monitor disables what has been down or stale for long, not before it looked so long", async () => {
  const long = { ...scannedNow(), stateSince: START - 50 * 60_000, rsyncUrl: "" };
  const behind = {
    ...{ current: 1, older: 1, size: 0, newer: 0, missing: 0, foreign: 0 },
    ...{ behindSince: START - 3 * 24 * 60 * 60_000, scan: START },
  };
  await using watched = new Watched([
    fakeMirror({ id: 1, ...long }),
    fakeMirror({ id: 2, ...long, httpUp: true }),
    fakeMirror({ id: 3, ...long, httpUp: true, scanNumbers: behind }),
    fakeMirror({ id: 4, ...long, stateSince: START + 10 * 60_000 }),
  ]);
  watched.config = { ...watched.config, disableAfter: 30, scanInterval: 10_000 };
  watched.start();
  const disabled = (): number[] =>
    [...watched.store.records.values()].filter(({ enabled }) => !enabled).map(({ id }) => id);
  await watched.clock.advance(29 * 60_000);
  assertEquals(disabled(), []);
  await watched.clock.advance(2 * 60_000);
  await watched.until(() => disabled().length === 2, { what: "two that are disabled" });
  assertEquals(disabled(), [1, 3]);
  assertEquals(watched.store.log.map((event) => [event.mirrorId, event.type]), [
    ...[[1, "error"], [3, "error"], [1, "disabled"], [3, "disabled"]],
  ]);
});

Deno.test("Monitor disables nothing for what happened while it could not look", async (test) => {
  const gaps: Record<string, (watched: Watched) => Promise<void>> = {
    "the clock was set": (watched) => {
      watched.clock.set(watched.clock.now() + 3 * 24 * HOUR);
      return Promise.resolve();
    },
    "the store was away": async (watched) => {
      watched.store.available = false;
      await watched.clock.advance(6 * 60_000);
      watched.store.available = true;
    },
  };
  for (const [name, pass] of Object.entries(gaps)) {
    await test.step(name, async () => {
      const since = { ...scannedNow(), stateSince: START + 2 * 60_000, rsyncUrl: "" };
      await using watched = new Watched([fakeMirror({ id: 1, ...since })]);
      watched.config = { ...watched.config, disableAfter: 2, scanInterval: 10_000 };
      watched.start();
      await watched.clock.advance(3 * 60_000);
      await pass(watched);
      await watched.clock.advance(90_000);
      assertEquals(watched.store.records.get(1)!.enabled, true);
      await watched.clock.advance(60_000);
      await watched.until(() => !watched.store.records.get(1)!.enabled, { what: "the end of it" });
    });
  }
});

/** What an event tells, in short. */
function toldBy(store: FakeStore): string[] {
  return store.log.map((event) =>
    `${event.type === "downtime" ? `downtime ${event.step}` : event.type} by ${event.by}`
  );
}

const HOUR = 60 * 60_000;

Deno.test("Monitor disables a mirror by plan, and enables it after a scan", async () => {
  const downtime = {
    ...{ from: START + HOUR, until: START + 2 * HOUR, reason: "disks" },
    ...{ started: false, by: "ops" },
  };
  await using watched = new Watched(mirrors(1, { ...scannedNow(), downtime }));
  watched.config.scanInterval = 10_000;
  watched.start();
  await watched.until(() => watched.checks.length > 0, { what: "the first check" });
  const record = (): MirrorRecord => watched.store.records.get(1)!;
  assert(record().enabled);
  watched.clock.set(START + HOUR);
  await watched.until(() => !record().enabled && record().downtime!.started, { what: "the begin" });
  watched.clock.set(START + 2 * HOUR - 10_000);
  await watched.clock.advance(5000);
  assertEquals([record().enabled, watched.scans], [false, []]);
  watched.scan = () => Promise.reject(new ScanError("listing", "no answer"));
  await watched.until(() => watched.scans.length === 1, { what: "the scan at its end" });
  await watched.clock.advance(5000);
  assertEquals([record().enabled, watched.scans], [false, [1]]);
  await watched.clock.advance(10 * 60_000);
  assertEquals(watched.scans, [1, 1]);
  watched.scan = () => Promise.resolve();
  await watched.clock.advance(10 * 60_000);
  await watched.until(() => record().enabled && record().downtime === null, { what: "the end" });
  assertEquals(watched.scans, [1, 1, 1]);
  assertEquals(toldBy(watched.store), [
    "downtime began by ops",
    "disabled by ops",
    "downtime prolonged by ops",
    "downtime ended by ops",
    "enabled by ops",
  ]);
});

Deno.test("Monitor forgets a plan that was missed, and one that somebody ended elsewhere", async () => {
  const plan = { from: START - HOUR, until: START - 1, reason: "", by: "" };
  await using watched = new Watched([
    fakeMirror({ id: 1, downtime: { ...plan, started: false } }),
    fakeMirror({ id: 2, downtime: { ...plan, until: null, started: true } }),
  ]).start();
  const records = (): MirrorRecord[] => [...watched.store.records.values()];
  await watched.until(() => records().every(({ downtime }) => downtime === null), { what: "both" });
  assertEquals(records().map(({ enabled }) => enabled), [true, true]);
  assertEquals(watched.store.log, []);
});
