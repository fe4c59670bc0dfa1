import { systemClock } from "../../lib/daemon/system_clock.ts";
import { assert, assertEquals } from "@std/assert";
import { lagOf } from "../../lib/catalog/scan_numbers.ts";
import { RsyncLister } from "../../lib/scan/rsync_lister.ts";
import { scanMirror } from "../../lib/scan/mirror_scan.ts";
import { SourceListing } from "../../lib/scan/source_listing.ts";
import { scanSource } from "../../lib/scan/source_scan.ts";
import { openSqliteStore } from "../../lib/store/sqlite/open_sqlite_store.ts";
import { sampleMirror } from "../store_contract/samples.ts";
import { MemoryLog } from "../support/memory_log.ts";
import { RsyncDaemon } from "../support/rsync_daemon.ts";
import { tempDir } from "../support/temp_dir.ts";

const MINUTE = 60_000;
const DAY = 24 * 60;
const START = Date.UTC(2026, 10, 22);

/** Minutes between two changes of the source, its scans, two copies by the mirror, and its scans. */
const EVERY = { change: 10, sourceScan: 5, sync: 60, scan: 30 };

/** A source and a mirror on disk, as they are at one minute of a day. */
class Trees {
  /** Path → when this version of it came, in minutes. */
  readonly source = new Map<string, number>();
  readonly mirror = new Map<string, number>();
  readonly #directory: string;

  constructor(directory: string) {
    this.#directory = directory;
    for (const side of ["source", "mirror"]) {
      Deno.mkdirSync(`${directory}/${side}/pool`, { recursive: true });
    }
    for (let file = 0; file < 12; file++) this.#write("source", `/pool/${file}`, -60);
    this.sync();
  }

  /** Another file each time; now and then a new one. */
  change(minute: number): void {
    const count = minute / EVERY.change;
    this.#write(
      "source",
      count % 5 === 0 ? `/pool/new-${count}` : `/pool/${count * 7 % 12}`,
      minute,
    );
  }

  sync(): void {
    for (const [path, minute] of this.source) {
      if (this.mirror.get(path) !== minute) this.#write("mirror", path, minute);
    }
  }

  /** Minutes since the oldest version came that the mirror lacks; 0: it lacks none. */
  lag(minute: number): number {
    const lacking = [...this.source].filter(([path, since]) => this.mirror.get(path) !== since);
    return lacking.length === 0 ? 0 : minute - Math.min(...lacking.map(([, since]) => since));
  }

  #write(side: "source" | "mirror", path: string, minute: number): void {
    const file = `${this.#directory}/${side}${path}`;
    Deno.writeTextFileSync(file, "x".repeat(1 + Math.max(0, minute) % 97));
    // Copies may keep their times: what came a minute ago is a week old then.
    const age = path.includes("new") ? 7 * DAY : 0;
    const time = new Date(START + (minute - age) * MINUTE);
    Deno.utimeSync(file, time, time);
    this[side].set(path, minute);
  }
}

Deno.test("the lag of a mirror over a day is that of its last scan", async () => {
  await using stack = new AsyncDisposableStack();
  const { path: directory } = stack.use(await tempDir());
  let now = START;
  const log = new MemoryLog();
  const common = { log, now: () => now, signal: new AbortController().signal };
  const store = stack.use(
    await openSqliteStore({ path: `${directory}/store.db`, log, now: common.now }),
  );
  const source = new SourceListing(store, common.signal);
  const trees = new Trees(directory);
  const rsyncd = stack.use(await RsyncDaemon.start({ mirror: `${directory}/mirror` }));
  const id = await store.addMirror(sampleMirror("one", { rsyncUrl: rsyncd.url("mirror") }));
  const lagNow = async (): Promise<number | null> => {
    const lag = lagOf((await store.mirror(id))!, now);
    return lag === null ? null : lag / MINUTE;
  };
  /** The truth of each minute, and what was told. */
  const truths: number[] = [];
  const told: number[] = [];
  for (let minute = 0; minute < DAY; minute++) {
    now = START + minute * MINUTE;
    if (minute > 0 && minute % EVERY.change === 0) trees.change(minute);
    if (minute % EVERY.sync === 7) trees.sync();
    if (minute % EVERY.sourceScan === 0) {
      const hashes = { sha256: false, sha1: false, md5: false };
      await scanSource({ ...common, store, repository: `${directory}/source`, hashes });
    }
    if (minute % EVERY.scan === 13) {
      await scanMirror({
        ...common,
        store,
        mirror: (await store.mirror(id))!,
        listers: [new RsyncLister({ clock: systemClock })],
        source: () => source.files(),
        fetch: () => Promise.reject(new TypeError("No network")),
        config: { fixTimezoneOffsets: false, tolerance: 0, traceFileLocation: "", exclude: [] },
        every: () => ({ [Symbol.dispose]() {} }),
        timeout: systemClock.timeout,
        random: Math.random,
      });
      // What the source has that is not indexed yet, a scan cannot miss.
      const off = Math.abs((await lagNow())! - trees.lag(minute));
      assert(off <= EVERY.sourceScan, `${off} minutes off at a scan, minute ${minute}`);
    }
    truths.push(trees.lag(minute));
    const lag = await lagNow();
    assertEquals(lag === null, minute < 13);
    told.push(lag ?? 0);
  }
  for (let minute = EVERY.scan + 13; minute < DAY; minute++) {
    // It was the truth, and has grown since, at one moment of the last interval.
    const fits = Array.from({ length: EVERY.scan + 1 }, (_, ago) => ago).some((ago) => {
      const then = truths[minute - ago]!;
      const since = then === 0 ? 0 : then + ago;
      return Math.abs(told[minute]! - since) <= EVERY.sourceScan;
    });
    assert(fits, `minute ${minute}: told ${told[minute]}, the truth is ${truths[minute]}`);
  }
  assert(Math.max(...truths) > 50 && truths.filter((lag) => lag === 0).length > 20);
  // While the mirror lacks something, what is told is no further off than an interval.
  const worst = told.reduce(
    (most, lag, minute) =>
      truths[minute]! === 0 || minute < EVERY.scan + 13
        ? most
        : Math.max(most, truths[minute]! - lag),
    0,
  );
  assert(worst <= EVERY.scan, `${worst} minutes too few`);
});
