import { systemClock } from "../../lib/daemon/system_clock.ts";
import { ComparisonMemory } from "../../lib/scan/comparison_memory.ts";
import { FileTable } from "../../lib/scan/file_table.ts";
import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import type { ListedFile } from "../../lib/catalog/file.ts";
import { ScanError } from "../../lib/catalog/scan_error.ts";
import type { ScanNumbers } from "../../lib/catalog/scan_numbers.ts";
import type { ScanProgress } from "../../lib/catalog/scan_result.ts";
import { type Lister, type Listing, ListingError } from "../../lib/scan/lister.ts";
import { scanMirror } from "../../lib/scan/mirror_scan.ts";
import type { MirrorScanOptions } from "../../lib/scan/mirror_scan_options.ts";
import { RsyncLister } from "../../lib/scan/rsync_lister.ts";
import { StoreUnavailableError } from "../../lib/store/store.ts";
import { fakeFile, fakeMirror, FakeStore } from "../support/fake_store.ts";
import { FakeClock } from "../support/fake_clock.ts";
import { MemoryLog } from "../support/memory_log.ts";
import { RsyncDaemon } from "../support/rsync_daemon.ts";
import { tempDir } from "../support/temp_dir.ts";

const NOW = 1_800_000_000_000;
const listed = (path: string, size = 1, modTime = 0): ListedFile => ({ path, size, modTime });

/** A lister that gives these batches, then ends as told. */
function fakeLister(
  batches: ListedFile[][],
  { protocol = "rsync", failure, warnings = [] }: {
    protocol?: "rsync" | "ftp";
    failure?: Error;
    warnings?: string[];
  } = {},
): Lister & { readonly urls: string[] } {
  const urls: string[] = [];
  return {
    protocol,
    urls,
    list(url, signal): Listing {
      urls.push(url);
      async function* files(): AsyncGenerator<ListedFile[]> {
        for (const batch of batches) {
          signal.throwIfAborted();
          yield batch;
        }
        await Promise.resolve();
        if (failure) throw failure;
      }
      return { files: files(), precision: () => 1000, warnings: () => warnings };
    },
  };
}

/** A store with two source files and one mirror that can be listed both ways. */
function setUp(options: Partial<MirrorScanOptions> = {}) {
  const mirror = fakeMirror({ rsyncUrl: "rsync://host/mod/", ftpUrl: "ftp://host/", name: "one" });
  const store = new FakeStore(mirror);
  store.addFiles(fakeFile("/a"), fakeFile("/b"));
  const log = new MemoryLog();
  const scan = (more: Partial<MirrorScanOptions> = {}) =>
    scanMirror({
      mirror,
      store,
      listers: [fakeLister([[listed("/a"), listed("/x")]])],
      fetch: () => Promise.reject(new TypeError("No network")),
      config: { fixTimezoneOffsets: false, tolerance: 0, traceFileLocation: "", exclude: [] },
      log,
      now: () => NOW,
      every: () => ({ [Symbol.dispose]() {} }),
      timeout: systemClock.timeout,
      random: () => 0,
      signal: new AbortController().signal,
      ...options,
      ...more,
    });
  return { mirror, store, log, scan };
}

Deno.test("scanMirror() writes the difference, the state and the events", async () => {
  const { store, scan } = setUp();
  store.addCopies(1, listed("/a"), listed("/old"));
  const progress: ScanProgress[] = [];
  const result = await scan({ onProgress: (step) => progress.push(step) });
  assertEquals(result, {
    protocol: "rsync",
    indexed: 2,
    known: 1,
    removed: 1,
    timeZoneOffset: 0,
    warnings: [],
  });
  assertEquals(store.written, [{ changed: [listed("/x")], removed: ["/old"] }]);
  const { lastSync, lastSuccessfulSync, lastSuccessfulSyncProtocol, lastSuccessfulSyncPrecision } =
    store.records.get(1)!;
  assertEquals([lastSync, lastSuccessfulSync], [NOW, NOW]);
  assertEquals([lastSuccessfulSyncProtocol, lastSuccessfulSyncPrecision], ["rsync", 1000]);
  assertEquals(store.log, [
    { type: "scan_started", protocol: "rsync", mirrorId: 1, time: NOW },
    {
      type: "scan_completed",
      indexed: 2,
      known: 1,
      removed: 1,
      timeZoneOffset: 0,
      mirrorId: 1,
      time: NOW,
    },
  ]);
  assertEquals(progress.at(0), { phase: "listing", files: 2, total: null });
  assertEquals(store.held.size, 0);
});

Deno.test("scanMirror() says where a look at everything is nothing special", async () => {
  const { scan } = setUp();
  const warnings = async (more: Partial<MirrorScanOptions>): Promise<readonly string[]> =>
    (await scan(more)).warnings;
  assertEquals(await warnings({ full: true }), [
    "-full changes nothing: only scans over HTTP look at less than everything",
  ]);
  const lister = { ...fakeLister([[listed("/a")]]), protocol: "http" } as const;
  assertEquals(await warnings({ full: true, listers: [lister] }), []);
});

Deno.test("scanMirror() compares also what is listed before the store has told what was there", async () => {
  const { store, scan } = setUp();
  store.addCopies(1, listed("/a"), listed("/b", 1), listed("/old"));
  const told = Promise.withResolvers<void>();
  const { copiesOf } = FakeStore.prototype;
  store.copiesOf = async function* (id) {
    await told.promise;
    yield* copiesOf.call(store, id);
  };
  const progress: ScanProgress[] = [];
  const result = await scan({
    listers: [fakeLister([[listed("/a")], [listed("/b", 2), listed("/x")], [listed("/x", 3)]])],
    onProgress: (step) => {
      progress.push(step);
      if (progress.length === 3) told.resolve();
    },
  });
  assertEquals([result.indexed, result.removed], [3, 1]);
  assertEquals(store.written, [{
    changed: [listed("/b", 2), listed("/x", 3)],
    removed: ["/old"],
  }]);
  assertEquals(progress.slice(0, 3).map(({ files }) => files), [1, 3, 4]);
});

Deno.test("scanMirror() ends the listing when the store cannot tell what was there, and reads no further when the listing fails", async () => {
  const { store, scan } = setUp();
  let listing = true;
  const endless: Lister = {
    protocol: "rsync",
    list: () => ({
      files: (async function* () {
        try {
          while (true) {
            await new Promise((resolve) => setTimeout(resolve, 0));
            yield [listed("/a")];
          }
        } finally {
          listing = false;
        }
      })(),
      precision: () => 1000,
      warnings: () => [],
    }),
  };
  // deno-lint-ignore require-yield -- it fails first
  store.copiesOf = async function* () {
    await Promise.resolve();
    throw new StoreUnavailableError("The store is away");
  };
  await assertRejects(() => scan({ listers: [endless] }), StoreUnavailableError);
  assertEquals(listing, false);

  let pages = 0;
  store.copiesOf = async function* () {
    while (true) {
      pages++;
      await new Promise((resolve) => setTimeout(resolve, 0));
      yield [];
    }
  };
  const failure = new ListingError("rsync: Error in socket I/O");
  await assertRejects(() => scan({ listers: [fakeLister([], { failure })] }), ScanError);
  const then = pages;
  await new Promise((resolve) => setTimeout(resolve, 10));
  assertEquals(pages, then);
  assertEquals(store.written, []);
});

Deno.test("scanMirror() keeps the previous listing when the new one fails", async () => {
  const { store, scan, mirror } = setUp();
  store.addCopies(1, listed("/a"), listed("/old"));
  const failure = new ListingError("rsync: Error in socket I/O");
  const error = await assertRejects(
    () => scan({ listers: [fakeLister([[listed("/new")]], { failure })] }),
    ScanError,
    "rsync: Error in socket I/O",
  );
  assertEquals((error as ScanError).reason, "listing");
  assertEquals([...store.copies.get(1)!.keys()], ["/a", "/old"]);
  assertEquals(store.written, []);
  assertEquals(store.records.get(1), { ...mirror, lastSync: NOW });
  assertEquals(store.log.at(-1), {
    type: "error",
    message: "rsync: Error in socket I/O",
    mirrorId: 1,
    time: NOW,
  });
});

Deno.test("scanMirror() tries one way after the other, or only the one that is asked for", async () => {
  const { store, scan } = setUp();
  const rsync = fakeLister([], { failure: new ListingError("rsync: no") });
  const ftp = fakeLister([[listed("/b")]], { protocol: "ftp" });
  const result = await scan({ listers: [rsync, ftp] });
  assertEquals([result.protocol, result.known, result.warnings], ["ftp", 1, ["rsync: no"]]);
  assertEquals(ftp.urls, ["ftp://host/"]);
  assertEquals(store.records.get(1)!.lastSuccessfulSyncProtocol, "ftp");
  assertEquals(store.log.map(({ type }) => type), [
    "scan_started",
    "error",
    "scan_started",
    "scan_completed",
  ]);
  await assertRejects(() => scan({ listers: [rsync, ftp], protocol: "rsync" }), ScanError);
  assertEquals((await scan({ listers: [rsync, ftp], protocol: "ftp" })).protocol, "ftp");
  assertEquals(rsync.urls.length, 2);
});

Deno.test("scanMirror() needs an index, a URL, and nobody else who scans", async () => {
  const { store, scan, mirror } = setUp();
  const refused = async (reason: string, message: string, more = {}): Promise<void> => {
    const error = await assertRejects(() => scan(more), ScanError, message);
    assertEquals((error as ScanError).reason, reason);
    assertEquals(store.log, []);
    assertEquals(store.records.get(1), mirror);
  };
  await refused("no_url", "no suitable URL for the scan", { protocol: "ftp" });
  await refused("no_url", "no suitable URL for the scan", {
    mirror: { ...mirror, rsyncUrl: "" },
  });
  store.held.set("mirror 1", new AbortController());
  await refused("in_progress", "already in progress");
  store.held.clear();
  store.source.clear();
  await refused(
    "not_indexed",
    "local repository not yet indexed. You should run 'refresh' first!",
  );
});

Deno.test("scanMirror() writes nothing when it is aborted or loses its lock", async () => {
  const { store, scan, mirror } = setUp();
  const stop = new AbortController();
  await assertRejects(
    () => scan({ signal: stop.signal, onProgress: () => stop.abort(new Error("Enough")) }),
    Error,
    "Enough",
  );
  await assertRejects(
    () => scan({ onProgress: () => store.held.get("mirror 1")!.abort(new Error("Lost")) }),
    ScanError,
    "the lock was lost",
  );
  assertEquals(store.written, []);
  assertEquals(store.records.get(1), mirror);
  assertEquals(store.log.map(({ type }) => type), ["scan_started", "scan_started"]);
  assertEquals(store.held.size, 0);
});

Deno.test("scanMirror() says that the mirror was removed meanwhile", async () => {
  const { store, scan } = setUp();
  for (
    const remove of [
      () => store.records.clear(),
      () => {
        store.records.clear();
        store.held.get("mirror 1")!.abort(new Error("Lost"));
      },
    ]
  ) {
    const { mirror } = setUp();
    store.records.set(1, mirror);
    await assertRejects(() => scan({ onProgress: remove }), ScanError, "the mirror was removed");
  }
  assertEquals(store.written, []);
});

Deno.test("scanMirror() takes what it could not list for as exact as it was", async () => {
  const { store, scan, mirror } = setUp();
  store.addCopies(1, listed("/a", 1, 5000), listed("/hidden/b", 1, 5000));
  const partial = (unread: string[]): Lister => ({
    protocol: "rsync",
    list: () => ({
      files: (async function* () {
        yield await Promise.resolve([listed("/a", 1, 5123)]);
      })(),
      precision: () => 1,
      warnings: () => [],
      unread: () => unread,
    }),
  });
  const before = { ...mirror, lastSuccessfulSyncPrecision: 1000 };
  await scan({ mirror: before, listers: [partial(["/hidden"])] });
  assertEquals(store.records.get(1)!.lastSuccessfulSyncPrecision, 1000);
  await scan({ mirror: before, listers: [partial([])] });
  assertEquals(store.records.get(1)!.lastSuccessfulSyncPrecision, 1);
});

Deno.test("scanMirror() corrects the time zone where that is configured", async () => {
  const { store, scan, log } = setUp();
  const paths = Array.from({ length: 12 }, (_, index) => `/${index}`);
  store.addFiles(...paths.map((path) => fakeFile(path, { modTime: 7_200_000 })));
  const listers = [fakeLister([paths.map((path) => listed(path))])];
  const config = { fixTimezoneOffsets: true, tolerance: 0, traceFileLocation: "", exclude: [] };
  assertEquals((await scan({ listers, config })).timeZoneOffset, 7_200_000);
  assertEquals(store.records.get(1)!.timeZoneOffset, 7_200_000);
  assertEquals((await scan({ listers })).timeZoneOffset, 0);
  assertEquals(store.records.get(1)!.timeZoneOffset, 0);

  const few = await scan({ listers: [fakeLister([[listed("/1")]])], config });
  assertEquals(few.timeZoneOffset, 0);
  assertStringIncludes(few.warnings.join(), "time-zone offset");
  assertStringIncludes(log.lines.join(), "time-zone offset");
});

Deno.test("scanMirror() reads the trace file; its failure is a warning", async () => {
  const { store, scan } = setUp();
  const config = {
    fixTimezoneOffsets: false,
    tolerance: 0,
    traceFileLocation: "trace",
    exclude: [],
  };
  const fetch = () => Promise.resolve(new Response("1700000000\n"));
  assertEquals((await scan({ config, fetch })).warnings, []);
  assertEquals(store.records.get(1)!.lastModTime, 1_700_000_000_000);
  const result = await scan({ config });
  assertEquals(result.warnings, ['Cannot read the trace file "trace": No network']);
  assertEquals(store.records.get(1)!.lastModTime, 1_700_000_000_000);
});

Deno.test("scanMirror() ends the reading of the trace file with a listing that fails", async () => {
  const { scan } = setUp();
  const config = {
    fixTimezoneOffsets: false,
    tolerance: 0,
    traceFileLocation: "trace",
    exclude: [],
  };
  let aborted = false;
  const fetch = (_url: string, { signal }: RequestInit) =>
    new Promise<Response>((_, reject) => {
      signal!.addEventListener("abort", () => {
        aborted = true;
        reject(signal!.reason);
      });
    });
  const listers = [fakeLister([], { failure: new ListingError("rsync: no") })];
  await assertRejects(() => scan({ config, fetch, listers }), ScanError, "rsync: no");
  assert(aborted);
});

Deno.test("scanMirror() lets a failure of the program through as it is", async () => {
  const { store, scan } = setUp();
  const listers = [fakeLister([], { failure: new RangeError("A mistake") })];
  await assertRejects(() => scan({ listers }), RangeError, "A mistake");
  assertEquals(store.held.size, 0);
});

Deno.test("scanMirror() scans a real rsync daemon", async () => {
  await using root = await tempDir();
  for (const name of ["a", "ünï 100%#", "extra"]) {
    Deno.writeTextFileSync(`${root.path}/${name}`, "");
  }
  await using rsyncd = await RsyncDaemon.start({ mod: root.path });
  const { store, scan, mirror } = setUp({ listers: [new RsyncLister({ clock: systemClock })] });
  store.addFiles(fakeFile("/ünï 100%#"));
  const { indexed, known, removed } = await scan({
    mirror: { ...mirror, rsyncUrl: rsyncd.url("mod") },
  });
  assertEquals({ indexed, known, removed }, { indexed: 3, known: 2, removed: 0 });
});

const MINUTE = 60_000;

/** A lister that gives files as long as `more` says so, and notes when it was told to end. */
function drippingLister(
  more: () => Promise<ListedFile[] | null>,
): Lister & { readonly ended: () => boolean } {
  let ended = false;
  return {
    protocol: "rsync",
    ended: () => ended,
    list(_url, signal): Listing {
      async function* files(): AsyncGenerator<ListedFile[]> {
        try {
          for (let batch; (batch = await more()) !== null;) {
            signal.throwIfAborted();
            yield batch;
          }
        } finally {
          ended = true;
        }
      }
      return { files: files(), precision: () => 1000, warnings: () => [] };
    },
  };
}

Deno.test("scanMirror() gives up a listing that does not come on, and says so", async () => {
  for (const scheduled of [true, false]) {
    const { store, scan } = setUp();
    store.addCopies(1, listed("/a"), listed("/b"));
    const clock = new FakeClock(NOW);
    const { now, every } = clock;
    let slow = 0;
    const lister = drippingLister(() => {
      clock.tick(10_000);
      return Promise.resolve([listed(`/${now()}`)]);
    });
    const { message } = await assertRejects(
      () => scan({ listers: [lister], scheduled, now, every, onSlow: () => slow++ }),
      ScanError,
    );
    assertEquals(message, "The listing does not come on: fewer than 100 entries in 10 minutes");
    assertEquals(store.written, []);
    assert(store.log.some((event) => event.type === "error" && event.message === message));
    assertEquals([lister.ended(), slow], [true, 1]);
    assert(now() - NOW >= 10 * MINUTE && now() - NOW < 11 * MINUTE);
  }
});

Deno.test("scanMirror() lets a listing be as slow as it is where somebody set a limit", async () => {
  const { store, scan } = setUp();
  const clock = new FakeClock(NOW);
  const { now, every } = clock;
  let slow = 0;
  const lister = drippingLister(() => {
    clock.tick(10_000);
    return Promise.resolve(now() - NOW < 30 * MINUTE ? [listed(`/${now()}`)] : null);
  });
  await scan({ listers: [lister], timed: true, now, every, onSlow: () => slow++ });
  assert(store.log.some(({ type }) => type === "scan_completed"));
  assertEquals(slow, 0);
});

Deno.test("scanMirror() gives up a scan on schedule that takes too long, and no other", async () => {
  const { store, scan } = setUp();
  const dripping = (): Pick<MirrorScanOptions, "now" | "every" | "listers"> => {
    const clock = new FakeClock(NOW);
    const { now, every } = clock;
    const lister = drippingLister(() => {
      clock.tick(MINUTE);
      const batch = Array.from({ length: 20 }, (_, index) => listed(`/${now()}-${index}`));
      return Promise.resolve(now() - NOW < 100 * MINUTE ? batch : null);
    });
    return { now, every, listers: [lister, fakeLister([], { protocol: "ftp" })] };
  };
  const words = "The scan takes too long, and was given up: scan -timeout allows more";
  const scheduled = true;
  await assertRejects(() => scan({ ...dripping(), scheduled }), ScanError, words);
  // Nor is there time for another way.
  assertEquals(store.log.filter(({ type }) => type === "scan_started").length, 1);
  // Where there was no good one before, neither.
  await setUp().scan(dripping());
  await scan({ ...dripping(), scheduled, timed: true });
  // Ten times as long as the last good one is more than an hour.
  await scan({ ...dripping(), scheduled });
});

Deno.test("scanMirror() refuses a listing without end", async () => {
  const batch = Array.from({ length: 10_000 }, () => listed("/a"));
  const { store, scan } = setUp();
  const endless = drippingLister(() => Promise.resolve(batch));
  const { message } = await assertRejects(() => scan({ listers: [endless] }), ScanError);
  assertEquals(message, "The listing has no end: more than 1000000 files");
  assertEquals([store.written, endless.ended()], [[], true]);

  const clock = new FakeClock(NOW);
  const { now, every } = clock;
  let entries = 0;
  const silent = drippingLister(() => {
    entries += 100_000;
    clock.tick(5000);
    return Promise.resolve([]);
  });
  const counting: Lister = {
    protocol: "rsync",
    list: (...how) => ({ ...silent.list(...how), entries: () => entries }),
  };
  await assertRejects(
    () => scan({ listers: [counting], now, every }),
    ScanError,
    "The listing has no end: more than 4000000 lines",
  );
});

Deno.test("scanMirror() counts how the mirror compares with the source", async () => {
  const { store, scan } = setUp();
  const files = new FileTable();
  files.add("/a", 5, NOW - 5000);
  files.add("/b", 5, NOW - 3000);
  files.add("/c", 5, NOW - 9000);
  const listers = [fakeLister([[
    { path: "/a", size: 5, modTime: NOW - 5000 },
    { path: "/b", size: 5, modTime: NOW - 60_000 },
    { path: "/x", size: 1, modTime: NOW },
  ]])];
  await scan({ listers, source: () => Promise.resolve(files) });
  const counts = { current: 1, older: 1, size: 0, newer: 0, missing: 1, foreign: 1 };
  const { scanNumbers } = store.records.get(1)!;
  assertEquals(scanNumbers, { ...counts, behindSince: NOW - 9000, scan: NOW });
  const event = store.log.at(-1)!;
  assertEquals(event.type === "scan_completed" && event.numbers, counts);
});

Deno.test("scanMirror() forgives as many milliseconds as the mirror says, else as the configuration", async () => {
  const cases: [own: number | null, configured: number, current: number][] = [
    [null, 0, 0],
    [null, 2_000, 1],
    [2_000, 0, 1],
    [0, 2_000, 0],
  ];
  for (const [tolerance, configured, current] of cases) {
    const { mirror, store, scan } = setUp();
    const files = new FileTable();
    files.add("/a", 5, NOW);
    const config = {
      fixTimezoneOffsets: false,
      tolerance: configured,
      traceFileLocation: "",
      exclude: [],
    };
    await scan({
      mirror: { ...mirror, tolerance },
      config,
      listers: [fakeLister([[listed("/a", 5, NOW - 2_000)]])],
      source: () => Promise.resolve(files),
    });
    assertEquals(store.records.get(1)!.scanNumbers?.current, current, `${tolerance} ${configured}`);
  }
});

Deno.test("scanMirror() has links followed where the mirror says so", async () => {
  for (const followLinks of [true, false]) {
    const { mirror, scan } = setUp();
    const lister = fakeLister([[listed("/a")]]);
    const told: unknown[] = [];
    const list: Lister["list"] = (url, signal, options) => {
      told.push(options?.followLinks);
      return lister.list(url, signal);
    };
    await scan({ mirror: { ...mirror, followLinks }, listers: [{ ...lister, list }] });
    assertEquals(told, [followLinks]);
  }
});

Deno.test("scanMirror() takes nothing for a copy that the mirror does not carry on purpose", async () => {
  const mirror = fakeMirror({
    ...{ rsyncUrl: "rsync://host/mod/", name: "one" },
    paths: ["/iso/", "!/iso/nightly/"],
  });
  const { store, scan } = setUp({ mirror });
  store.addFiles(fakeFile("/iso/a"), fakeFile("/iso/b"));
  store.addCopies(1, listed("/a"), listed("/iso/nightly/hidden"), listed("/iso/kept"));
  const lister = fakeLister([[listed("/a"), listed("/iso/a"), listed("/iso/nightly/x")], [
    listed("/x"),
  ]]);
  const asked: (readonly string[] | undefined)[] = [];
  const source = new FileTable();
  for (const { path, size, modTime } of store.source.values()) source.add(path, size, modTime);
  const result = await scan({
    source: () => Promise.resolve(source),
    listers: [{
      protocol: "rsync",
      list(url, signal, how): Listing {
        asked.push(how?.paths);
        return { ...lister.list(url, signal), unread: () => ["/iso/nightly", "/iso/kept"] };
      },
    }],
  });
  assertEquals(asked, [["/iso/", "!/iso/nightly/"]]);
  assertEquals([...store.copies.get(1)!.keys()].sort(), ["/iso/a", "/iso/kept"]);
  // Nobody saw those go that are not asked for.
  assertEquals([result.indexed, result.known, result.removed], [2, 1, 0]);
  const { scan: _, ...numbers } = store.records.get(1)!.scanNumbers!;
  assertEquals(numbers, {
    ...{ current: 1, older: 0, size: 0, newer: 0, missing: 1, foreign: 1, behindSince: 0 },
  });
});

Deno.test("scanMirror() compares with the source again only where something is different", async () => {
  const { store, scan } = setUp();
  let walks = 0;
  class Source extends FileTable {
    override paths(): Iterable<string> {
      walks++;
      return super.paths();
    }
  }
  const tableOf = (...times: number[]): Source => {
    const table = new Source();
    times.forEach((time, i) => table.add(i === 0 ? "/a" : "/b", 1, time));
    return table;
  };
  let source = tableOf(0, 0);
  const compared = new ComparisonMemory();
  let now = NOW;
  let listing = [listed("/a")];
  let tolerance = 0;
  /** What was counted, and how often the files were compared. */
  const counted = async (): Promise<[Partial<ScanNumbers>, number]> => {
    walks = 0;
    now += 60_000;
    await scan({
      ...{ compared, source: () => Promise.resolve(source), now: () => now },
      mirror: store.records.get(1)!,
      listers: [fakeLister([listing])],
      config: { fixTimezoneOffsets: false, tolerance, traceFileLocation: "", exclude: [] },
    });
    const { scan: time, ...numbers } = store.records.get(1)!.scanNumbers!;
    assertEquals(time, now);
    const told = store.log.at(-1);
    assert(told?.type === "scan_completed");
    const { behindSince: _, ...counts } = numbers;
    assertEquals(told.numbers, counts);
    return [{ current: numbers.current, older: numbers.older, missing: numbers.missing }, walks];
  };
  const lacksOne = { current: 1, older: 0, missing: 1 };
  assertEquals(await counted(), [lacksOne, 1]);
  assertEquals(await counted(), [lacksOne, 0]);
  assertEquals(await counted(), [lacksOne, 0]);
  listing = [listed("/a"), listed("/b")];
  assertEquals(await counted(), [{ current: 2, older: 0, missing: 0 }, 1]);
  assertEquals(await counted(), [{ current: 2, older: 0, missing: 0 }, 0]);
  // As many files as before, and one of them another.
  listing = [listed("/a", 2), listed("/b")];
  assertEquals(await counted(), [{ current: 1, older: 0, missing: 0 }, 1]);
  listing = [listed("/a"), listed("/b")];
  assertEquals((await counted())[1], 1);
  source = tableOf(9000, 0);
  assertEquals(await counted(), [{ current: 1, older: 1, missing: 0 }, 1]);
  tolerance = 10_000;
  assertEquals(await counted(), [{ current: 2, older: 0, missing: 0 }, 1]);
  // Somebody else has scanned meanwhile, and perhaps found what this listing shows.
  store.change(1, { lastSuccessfulSync: now + 5000 });
  assertEquals(await counted(), [{ current: 2, older: 0, missing: 0 }, 1]);
  store.change(1, { scanNumbers: { ...store.records.get(1)!.scanNumbers!, scan: now - 1000 } });
  assertEquals((await counted())[1], 1);
});
