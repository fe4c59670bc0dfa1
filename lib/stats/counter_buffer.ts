import type { Clock, Timer } from "../clock/clock.ts";
import type { Log } from "../log/log.ts";
import type { DownloadJournal } from "../store/download_journal.ts";
import type { RecordedAnswers } from "./recorder.ts";
import { messageOf } from "../log/message_of.ts";
import { type Store, StoreUnavailableError } from "../store/store.ts";
import { BatchQueue } from "./batch_queue.ts";
import { DropLog } from "./drop_log.ts";
import { OpenedDownloads } from "./opened_downloads.ts";
import { PendingDownloads } from "./pending_downloads.ts";
import { PendingRanges, type WaitingRange } from "./pending_ranges.ts";
import { utcDay, utcHour } from "../clock/utc_day.ts";

/** What a {@linkcode CounterBuffer} needs. */
export interface CounterBufferOptions {
  readonly store: Pick<Store, "addDownloads" | "forgetDownloads">;
  readonly log: Log;
  readonly clock: Pick<Clock, "after" | "elapsed">;
  /** SameDownloadInterval in seconds, as configured now. */
  readonly sameDownloadInterval: () => number;
  /**
   * Milliseconds between two writes; default 500. After one of many paths it is up to as much
   * longer: most of them are asked for again, and cost the same then however often they were.
   */
  readonly interval?: number;
  /**
   * How many paths, counted for each day, wait at most for a store that is away; default 500 000, some
   * 100 MB. Downloads of further paths count for their mirrors only.
   */
  readonly limit?: number;
  /**
   * How many downloads in ranges wait at most for a store that is away; default 100 000. At most 20 000
   * wait, in some 4 MB, for one that answers too slowly. Further ones are not counted.
   */
  readonly rangedLimit?: number;
  /** Where counters go while the store is away for longer; `null`, the default: they stay in memory. */
  readonly journal?: DownloadJournal | null;
  /** So many writes in a row must fail before the journal is used; default 4: some two seconds. */
  readonly journalAfter?: number;
}

const DEFAULT_LIMIT = 500_000;
const DEFAULT_RANGED_LIMIT = 100_000;

/** Downloads in ranges that wait for a question at most: more than come between two writes of any honest day. */
const MOST_UNASKED = 20_000;

/** Few enough that one write makes nobody else wait for the store. */
const PATHS_PER_WRITE = 1_000;

/** Each is a question besides. */
const RANGES_PER_WRITE = 200;

/** So many are unpacked at once: each takes several times as much then as it does while it waits. */
const RANGES_AT_ONCE = 1_000;

/** Milliseconds of writing after which others on this thread have their turn. */
const SLICE = 10;

/** Milliseconds that the next write waits longer for each path of the last one, and at most. */
const PAUSE_PER_PATH = 0.5;
const LONGEST_PAUSE = 500;

/**
 * The counters on the control thread: merges what the HTTP threads send and writes it to the store
 * twice a second. While the store is away it goes on counting in memory, and in a journal when that
 * lasts, and writes once it is back. Whatever happens on the way, each download counts once.
 */
export class CounterBuffer implements AsyncDisposable {
  readonly #options: CounterBufferOptions;
  readonly #downloads: PendingDownloads;
  readonly #ranges: PendingRanges;
  readonly #opened = new OpenedDownloads();
  readonly #drops: DropLog;
  readonly #queue: BatchQueue;
  readonly #journal: DownloadJournal | null;
  #timer: Timer | null = null;
  #writing: Promise<void> | null = null;
  #adopted: boolean;
  #lost = 0;
  /** Paths that the last write had. */
  #paths = 0;
  /** Writes in a row that failed. */
  #failures = 0;
  #failing = false;
  #journalFails = false;
  #stopped = false;

  /** Starts to write, also what an earlier process left in the journal. */
  constructor(options: CounterBufferOptions) {
    const { store, limit = DEFAULT_LIMIT, journal = null } = options;
    const { rangedLimit = Math.min(limit, DEFAULT_RANGED_LIMIT) } = options;
    this.#options = options;
    this.#downloads = new PendingDownloads(limit, rangedLimit);
    this.#ranges = new PendingRanges(Math.min(rangedLimit, MOST_UNASKED));
    this.#queue = new BatchQueue({
      store,
      journal,
      limit,
      rangedLimit,
      batchSize: PATHS_PER_WRITE,
    });
    this.#journal = journal;
    this.#drops = new DropLog(options);
    this.#adopted = journal === null;
    this.#schedule();
  }

  /** Whether everything is in the store. */
  get empty(): boolean {
    return this.#adopted && this.#downloads.empty && this.#ranges.empty && this.#queue.empty &&
      this.#writing === null;
  }

  /** Downloads that are not in the store yet. */
  get waiting(): number {
    return this.#queue.total + this.#downloads.total + this.#ranges.total;
  }

  /** Adds what an HTTP thread recorded. */
  add(
    recorded: Pick<RecordedAnswers, "batches" | "hours" | "opened" | "ranged" | "dropped">,
  ): void {
    for (const batch of recorded.batches) this.#lose(this.#downloads.add(batch));
    this.#downloads.addHours(recorded.hours ?? []);
    const interval = this.#options.sameDownloadInterval() * 1000;
    const time = this.#options.clock.elapsed();
    if (interval > 0) this.#opened.add(recorded.opened, time);
    this.#drops.add(recorded.dropped);
    for (const part of recorded.ranged) {
      // It goes on with a download that is counted.
      if (interval > 0 && this.#opened.has(part.hash, time, interval)) continue;
      const waiting = this.#downloads.ranged;
      const counted = interval > 0 ? this.#ranges.add(part, interval, waiting) : part;
      if (counted === "dropped") this.#drops.add({ parts: 1, lines: 0 });
      else if (counted !== null) this.#count(counted);
    }
    this.#schedule();
  }

  /**
   * Writes what there is, now. A failure is logged and what could not be written is kept.
   *
   * @returns when the store has answered
   */
  async flush(): Promise<void> {
    // What came while an earlier write was under way needs another one.
    while (this.#writing !== null) await this.#writing;
    this.#writing = this.#write();
    try {
      await this.#writing;
    } finally {
      this.#writing = null;
    }
  }

  /** Writes what there is and stops; what the store does not take waits in the journal. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#stopped = true;
    this.#timer?.[Symbol.dispose]();
    this.#drops[Symbol.dispose]();
    await this.flush();
    if (!this.empty) {
      const downloads = this.waiting;
      const { log } = this.#options;
      if (this.#persist()) {
        log.warn(
          `The store is unavailable: ${downloads} downloads wait in "${this.#journal?.path}", and are counted after the next start`,
        );
      } else {
        log.error(
          `Cannot save the statistics: ${downloads} downloads are lost, the store is unavailable`,
        );
      }
    }
    this.#journal?.[Symbol.dispose]();
  }

  #schedule(): void {
    if (this.#stopped || this.#timer !== null || this.empty) return;
    const pause = Math.min(this.#paths * PAUSE_PER_PATH, LONGEST_PAUSE);
    this.#timer = this.#options.clock.after((this.#options.interval ?? 500) + pause, async () => {
      await this.flush();
      this.#timer = null;
      this.#schedule();
    });
  }

  async #write(): Promise<void> {
    this.#adopt();
    this.#paths = 0;
    const { clock } = this.#options;
    let since = clock.elapsed();
    try {
      // What comes meanwhile is for the next write.
      let ranges = this.#ranges.total;
      while (true) {
        if (this.#queue.empty) {
          if (this.#downloads.ranged === 0) {
            this.#ranges.settle();
            this.#askAboutRanges(Math.min(ranges, RANGES_AT_ONCE));
            ranges = Math.max(0, ranges - RANGES_AT_ONCE);
          }
          const batch = this.#downloads.take(PATHS_PER_WRITE, RANGES_PER_WRITE);
          if (batch === null) break;
          this.#paths += batch.files.size;
          this.#queue.push(batch);
        }
        await this.#queue.writeFirst();
        // A store that answers at once would have this thread for itself otherwise.
        if (clock.elapsed() - since < SLICE) continue;
        await new Promise<void>((resolve) => clock.after(0, resolve));
        since = clock.elapsed();
      }
      if (this.#failing) this.#options.log.info("Saving statistics again");
      this.#failing = false;
      this.#failures = 0;
      this.#lost = 0;
    } catch (error) {
      // The store says by itself when it goes away and when it returns.
      if (!(error instanceof StoreUnavailableError) && !this.#failing) {
        this.#options.log.error(`Cannot save statistics, they are kept: ${messageOf(error)}`);
        this.#failing = true;
      }
      if (++this.#failures >= (this.#options.journalAfter ?? 4)) this.#persist();
    }
  }

  #adopt(): void {
    if (this.#adopted) return;
    this.#adopted = true;
    try {
      const downloads = this.#queue.adopt();
      if (downloads === 0) return;
      this.#options.log.info(
        `Counting ${downloads} downloads that wait in "${this.#journal?.path}"`,
      );
    } catch (error) {
      this.#options.log.error(messageOf(error));
    }
  }

  /** Writes everything that waits into the journal. @returns whether it is there */
  #persist(): boolean {
    if (this.#journal === null) return false;
    try {
      // While it cannot be written, what comes goes on to be merged in memory.
      if (this.#journalFails) this.#queue.persist();
      this.#askAboutRanges(Infinity);
      for (let batch; (batch = this.#downloads.take(PATHS_PER_WRITE, RANGES_PER_WRITE)) !== null;) {
        this.#queue.push(batch);
      }
      this.#lose(this.#queue.persist());
      this.#journalFails = false;
      return true;
    } catch (error) {
      if (!this.#journalFails) {
        this.#options.log.error(`${messageOf(error)}; counters wait in memory only`);
      }
      this.#journalFails = true;
      return false;
    }
  }

  /** The oldest downloads in ranges go with the others, as questions. */
  #askAboutRanges(most: number): void {
    const seconds = this.#options.sameDownloadInterval();
    if (seconds <= 0) {
      for (const part of this.#ranges.take(most)) this.#count(part);
      return;
    }
    for (const { time, clientHash, path, mirrorId, size, country } of this.#ranges.take(most)) {
      const hour = utcHour(time);
      const download = { clientHash, path, mirrorId, size, seconds, hour, country };
      const dropped = this.#downloads.addRanged(utcDay(time), download);
      if (dropped > 0) this.#drops.add({ parts: dropped, lines: 0 });
    }
  }

  #count({ time, path, mirrorId, size, country }: WaitingRange): void {
    this.#lose(this.#downloads.addOne(time, path, mirrorId, size, country));
  }

  #lose(downloads: number): void {
    if (downloads > 0 && this.#lost === 0) {
      this.#options.log.warn(
        "Too many different files were downloaded while the store was away: those of further files are not counted",
      );
    }
    this.#lost += downloads;
  }
}
