import type { DownloadBatch } from "./download_counts.ts";

/** A batch of downloads under the ID that makes it count once. */
export interface JournaledBatch extends DownloadBatch {
  readonly id: string;
}

/**
 * Port: batches that the store did not take yet, kept where they outlive this process. Every method may
 * throw an `Error` whose message says in one sentence what is wrong with the file.
 */
export interface DownloadJournal extends Disposable {
  /** The file, for people. */
  readonly path: string;
  /**
   * Takes over what processes have left that run no more; to be called once, before anything else.
   *
   * @returns their batches, oldest first, which are in this journal from now on
   */
  adopt(): JournaledBatch[];
  /**
   * Removes batches and adds others, wholly or not at all.
   *
   * @param removed IDs
   */
  replace(removed: readonly string[], added: readonly JournaledBatch[]): void;
}
