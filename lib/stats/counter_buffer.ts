import type { Log } from "../process/log.ts";
import { type Store, StoreUnavailableError } from "../store/store.ts";
import { clientHash } from "./client_hash.ts";
import { PendingDownloads } from "./pending_downloads.ts";
import { PendingRanges } from "./pending_ranges.ts";
import type { RangedDownload, RecordedAnswers } from "./recorder.ts";

/** What a {@linkcode CounterBuffer} needs. */
export interface CounterBufferOptions {
  readonly store: Pick<Store, "addDownloads" | "rememberDownload">;
  readonly log: Log;
  /** SameDownloadInterval in seconds, as configured now. */
  readonly sameDownloadInterval: () => number;
  /** Milliseconds between two writes; default 500. */
  readonly interval?: number;
  /**
   * How many paths, counted for each day, and how many downloads in ranges wait at most for a store
   * that is away; default 500 000, some 100 MB. Downloads of further paths count for their mirrors only.
   */
  readonly limit?: number;
}

const DEFAULT_LIMIT = 500_000;

/** Few enough that one write makes nobody else wait for the store. */
const PATHS_PER_WRITE = 5_000;

/** Questions to the store that are under way at once. */
const QUESTIONS_AT_ONCE = 100;

/**
 * The counters on the control thread: merges what the HTTP threads send and writes it to the store
 * twice a second. While the store is away it goes on counting in memory, and writes once it is back.
 */
export class CounterBuffer implements AsyncDisposable {
  readonly #options: CounterBufferOptions;
  readonly #downloads: PendingDownloads;
  readonly #ranges: PendingRanges;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #writing: Promise<void> | null = null;
  #lost = 0;
  #failing = false;
  #stopped = false;

  constructor(options: CounterBufferOptions) {
    this.#options = options;
    this.#downloads = new PendingDownloads(options.limit ?? DEFAULT_LIMIT);
    this.#ranges = new PendingRanges(options.limit ?? DEFAULT_LIMIT);
  }

  /** Whether everything is in the store. */
  get empty(): boolean {
    return this.#downloads.empty && this.#ranges.empty && this.#writing === null;
  }

  /** Adds what an HTTP thread recorded. */
  add(recorded: Pick<RecordedAnswers, "batches" | "ranged">): void {
    for (const batch of recorded.batches) this.#lose(this.#downloads.add(batch));
    const interval = this.#options.sameDownloadInterval() * 1000;
    for (const part of recorded.ranged) {
      const counted = interval > 0 ? this.#ranges.add(part, interval) : part;
      if (counted !== null) this.#count(counted);
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

  /** Writes what there is and stops. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    await this.flush();
    if (this.empty) return;
    const downloads = this.#downloads.total + this.#ranges.total;
    this.#options.log.error(
      `Cannot save the statistics: ${downloads} downloads are lost, the store is unavailable`,
    );
  }

  #schedule(): void {
    if (this.#stopped || this.#timer !== undefined || this.empty) return;
    this.#timer = setTimeout(async () => {
      await this.flush();
      this.#timer = undefined;
      this.#schedule();
    }, this.#options.interval ?? 500);
  }

  async #write(): Promise<void> {
    try {
      try {
        await this.#askAboutRanges();
      } finally {
        await this.#writeDownloads();
      }
      if (this.#failing) this.#options.log.info("Saving statistics again");
      this.#failing = false;
      this.#lost = 0;
    } catch (error) {
      // The store says by itself when it goes away and when it returns.
      if (!(error instanceof StoreUnavailableError) && !this.#failing) {
        const message = error instanceof Error ? error.message : String(error);
        this.#options.log.error(`Cannot save statistics, they are kept in memory: ${message}`);
        this.#failing = true;
      }
    }
  }

  async #writeDownloads(): Promise<void> {
    // Each write is one atomic step of the store: what failed is put back, what succeeded is not.
    while (true) {
      const batch = this.#downloads.take(PATHS_PER_WRITE);
      if (batch === null) return;
      try {
        await this.#options.store.addDownloads(batch);
      } catch (error) {
        this.#lose(this.#downloads.restore(batch));
        throw error;
      }
    }
  }

  /** Downloads in ranges that nobody counted yet join the others. */
  async #askAboutRanges(): Promise<void> {
    const seconds = this.#options.sameDownloadInterval();
    const parts = this.#ranges.take();
    for (let start = 0; start < parts.length; start += QUESTIONS_AT_ONCE) {
      const asked = parts.slice(start, start + QUESTIONS_AT_ONCE);
      const outcomes = await Promise.allSettled(asked.map((part) => this.#ask(part, seconds)));
      const failed = outcomes.find((outcome) => outcome.status === "rejected");
      if (failed === undefined) continue;
      const unanswered = asked.filter((_, index) => outcomes[index]?.status === "rejected");
      for (const part of [...unanswered, ...parts.slice(start + QUESTIONS_AT_ONCE)]) {
        const over = this.#ranges.add(part, seconds * 1000);
        if (over !== null) this.#count(over);
      }
      throw failed.reason;
    }
  }

  async #ask(part: RangedDownload, seconds: number): Promise<void> {
    if (seconds > 0) {
      const hash = await clientHash(part.client);
      if (await this.#options.store.rememberDownload(hash, part.path, seconds)) return;
    }
    this.#count(part);
  }

  #count({ time, path, mirrorId, size }: RangedDownload): void {
    this.#lose(this.#downloads.addOne(time, path, mirrorId, size));
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
