import type { IndexedFile } from "../catalog/file.ts";
import type { FileRevision } from "../catalog/file_revision.ts";
import type { GoneFile } from "../catalog/gone_file.ts";
import type { MirrorEvent } from "../catalog/mirror_event.ts";
import type { PieceHashes } from "../catalog/piece_hashes.ts";
import type { ZsyncHead } from "../catalog/zsync_sums.ts";
import type { DownloadCount, Hour, Period } from "./download_counts.ts";

/** A value that may be there at once: adapters that need no round trip answer without a promise. */
export type MaybePromise<T> = T | Promise<T>;

/** What an HTTP thread reads: nothing here changes the store. */
export interface StoreReader extends AsyncDisposable {
  /**
   * Looks a file up with all its copies, in one round trip.
   *
   * @param path decoded path with a leading slash
   * @returns `null` when the source has no such file
   * @throws StoreUnavailableError when the store cannot be reached
   */
  lookup(path: string): MaybePromise<IndexedFile | null>;
  /**
   * Reads the hashes of the pieces of a file, of whichever version they are.
   *
   * @returns `null` when there are none
   * @throws StoreUnavailableError
   */
  pieceHashes(path: string): MaybePromise<PieceHashes | null>;
  /**
   * Reads what is known of a file for zsync, of whichever version it is, but for the sums.
   *
   * @returns `null` when there is nothing
   * @throws StoreUnavailableError
   */
  zsyncHead(path: string): MaybePromise<ZsyncHead | null>;
  /**
   * Reads a part of the sums of a file for zsync.
   *
   * @param head whose they are
   * @param part from 0 on; each has `ZSYNC_PART` bytes, but for the last one
   * @returns `null` when they are not there any more, or are those of another version
   * @throws StoreUnavailableError
   */
  zsyncPart(head: ZsyncHead, part: number): MaybePromise<Uint8Array<ArrayBuffer> | null>;
  /**
   * Reads former versions of a file.
   *
   * @returns newest first
   * @throws StoreUnavailableError
   */
  revisions(path: string): MaybePromise<readonly FileRevision[]>;
  /**
   * Looks a file up that left the source, with the copies that mirrors have of it.
   *
   * @returns `null` when no note of the kind `gone` tells of it
   * @throws StoreUnavailableError
   */
  goneFile(path: string): MaybePromise<GoneFile | null>;
  /**
   * Reads notes of the kind `asked`.
   *
   * @returns in the same order; `null`: there is none
   * @throws StoreUnavailableError
   */
  askedNotes(names: readonly string[]): MaybePromise<readonly (string | null)[]>;
  /**
   * Counts the downloads of one file.
   *
   * @returns one number for each period, in the same order
   * @throws StoreUnavailableError
   */
  fileDownloads(path: string, periods: readonly Period[]): MaybePromise<number[]>;
  /**
   * Counts the downloads of every mirror, summed over the periods.
   *
   * @throws StoreUnavailableError
   */
  mirrorDownloads(
    periods: readonly Period[],
  ): MaybePromise<Map<number, { downloads: number; bytes: number }>>;
  /**
   * Counts the downloads of one mirror, or of all together.
   *
   * @param mirrorId `null`: all, also those that are gone
   * @returns one count for each period, in the same order
   * @throws StoreUnavailableError
   */
  downloadsByPeriod(
    mirrorId: number | null,
    periods: readonly Period[],
  ): MaybePromise<readonly DownloadCount[]>;
  /** All downloads ever. @throws StoreUnavailableError */
  totalDownloads(): MaybePromise<number>;
  /** Downloads of every file that has some, summed over the periods, in batches of any size. */
  allFileDownloads(periods: readonly Period[]): AsyncIterable<ReadonlyMap<string, number>>;
  /**
   * Reads what was counted by name in some hours or days.
   *
   * @param names at least one
   * @returns the numbers of these names for each of them, in the same order; `null`: nothing was counted
   * @throws StoreUnavailableError
   */
  series(
    times: readonly (Hour | Period)[],
    names: readonly string[],
  ): MaybePromise<readonly (readonly number[] | null)[]>;
  /** Sums up what was counted by name in some hours or days. @throws StoreUnavailableError */
  seriesSums(times: readonly (Hour | Period)[]): MaybePromise<ReadonlyMap<string, number>>;
  /**
   * The newest events of a mirror, oldest first.
   *
   * @throws StoreUnavailableError
   */
  events(mirrorId: number, limit: number): MaybePromise<MirrorEvent[]>;
}
