import type { DownloadJournal, JournaledBatch } from "../store/download_journal.ts";
import type { Store } from "../store/store.ts";
import { type PendingBatch, PendingDownloads } from "./pending_downloads.ts";

/** What a {@linkcode BatchQueue} works with. */
export interface BatchQueueOptions {
  readonly store: Pick<Store, "addDownloads" | "forgetDownloads">;
  /** `null`: there is none, and what waits is in memory only. */
  readonly journal: DownloadJournal | null;
  /** Most paths, counted for each day, of batches that were never sent. */
  readonly limit: number;
  /** Most downloads in ranges of such batches. */
  readonly rangedLimit: number;
  /** Most paths of one batch. */
  readonly batchSize: number;
}

interface QueuedBatch extends JournaledBatch {
  /** Whether the store may have it: then its content and its ID belong together for ever. */
  sent: boolean;
  journaled: boolean;
}

/** So many batches may always wait before those that were never sent are merged. */
const FEW = 64;

/**
 * Batches on their way to the store, each under an ID, so that it counts once however often it has to
 * be sent, also by another process that finds it in the journal.
 */
export class BatchQueue {
  readonly #options: BatchQueueOptions;
  #batches: QueuedBatch[] = [];
  /** IDs of batches that are written and that the store may forget. */
  readonly #written: string[] = [];
  /** More batches than this are merged. */
  #most = FEW;

  constructor(options: BatchQueueOptions) {
    this.#options = options;
  }

  /** Whether nothing waits. */
  get empty(): boolean {
    return this.#batches.length === 0;
  }

  /** Number of downloads that wait. */
  get total(): number {
    let total = 0;
    for (const { files, ranged = [] } of this.#batches) {
      for (const downloads of files.values()) total += downloads;
      total += ranged.length;
    }
    return total;
  }

  /** Takes over what an earlier process has left in the journal. @returns number of downloads */
  adopt(): number {
    const before = this.total;
    const left = this.#options.journal?.adopt() ?? [];
    this.#batches.unshift(...left.map((batch) => ({ ...batch, sent: true, journaled: true })));
    return this.total - before;
  }

  /** Adds a batch, which must not change any more. */
  push(batch: PendingBatch): void {
    this.#batches.push({ ...batch, id: crypto.randomUUID(), sent: false, journaled: false });
  }

  /** Writes the oldest batch. @throws whatever the store throws; then the batch stays */
  async writeFirst(): Promise<void> {
    const batch = this.#batches[0];
    if (batch === undefined) return;
    const { store, journal } = this.#options;
    batch.sent = true;
    await store.addDownloads(batch, batch.id);
    this.#batches.shift();
    // Until the journal has lost it, the store must know that it has it.
    if (batch.journaled) journal?.replace([batch.id], []);
    this.#written.push(batch.id);
    await this.#forget();
  }

  /** Has the store forget what need not be known any more; what fails is tried again with the next. */
  async #forget(): Promise<void> {
    const { store } = this.#options;
    try {
      for (let id; (id = this.#written[0]) !== undefined; this.#written.shift()) {
        await store.forgetDownloads?.(id);
      }
    } catch {
      // Never done, the store forgets by itself in time.
    }
  }

  /**
   * Writes into the journal what is not there yet.
   *
   * @returns how many downloads of files there was no more room for
   * @throws Error when the journal cannot be written
   */
  persist(): number {
    const { journal } = this.#options;
    if (journal === null) return 0;
    const lost = this.#merge(journal);
    const fresh = this.#batches.filter((batch) => !batch.journaled);
    if (fresh.length > 0) journal.replace([], fresh);
    for (const batch of fresh) batch.journaled = true;
    return lost;
  }

  /** Makes few batches of many that were never sent: an outage may last for days. */
  #merge(journal: DownloadJournal): number {
    const { limit, rangedLimit, batchSize } = this.#options;
    const waiting = this.#batches.filter((batch) => !batch.sent);
    if (waiting.length <= this.#most) return 0;
    const merged = new PendingDownloads(limit, rangedLimit);
    let lost = 0;
    for (const batch of waiting) lost += merged.add(batch);
    const old = this.#batches;
    this.#batches = old.filter((batch) => batch.sent);
    for (let batch; (batch = merged.take(batchSize)) !== null;) this.push(batch);
    const fresh = this.#batches.filter((batch) => !batch.journaled);
    try {
      journal.replace(waiting.filter((batch) => batch.journaled).map(({ id }) => id), fresh);
    } catch (error) {
      this.#batches = old;
      throw error;
    }
    for (const batch of fresh) batch.journaled = true;
    this.#most = FEW + 2 * (this.#batches.length);
    return lost;
  }
}
