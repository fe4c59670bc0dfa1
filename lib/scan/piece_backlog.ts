import type { ListedFile } from "../catalog/file.ts";
import { ZSYNC_LARGEST } from "../catalog/zsync_sums.ts";
import type { Log } from "../log/log.ts";
import type { Store } from "../store/store.ts";
import { HashThread, mayHash } from "./hash_thread.ts";
import type { HashWishes, PieceWishes } from "./hash_wishes.ts";

/** Files between two reports of progress. */
const PROGRESS_STEP = 100;

/** Files that are looked up at once before the hashes of their pieces are removed. */
const SWEEP = 500;

/** What {@linkcode hashBacklog} takes. */
export interface BacklogOptions {
  readonly store: Pick<
    Store,
    "lock" | "lookup" | "sourceFiles" | "pieceStamps" | "putPieces" | "removePieces"
  >;
  /** Absolute path without a trailing slash. */
  readonly repository: string;
  /** Which hashes; without those of pieces there is nothing to do. */
  readonly hashes: HashWishes;
  readonly log: Pick<Log, "info" | "warn">;
  /** Ends the work, between two files or in the middle of one: what is written stays. */
  readonly signal: AbortSignal;
  /** Awaited before each file: the scan of the source goes first. */
  readonly turn?: () => Promise<unknown>;
  /** Told how many of how many files are done. */
  readonly onProgress?: (hashed: number, total: number) => void;
}

/**
 * Hashes the pieces of files that are in the index for long, one after the other, the newest first, on
 * a thread that lets others go first. New files do not wait for it: they are hashed when they are
 * scanned. Each file is stored when it is done, so that it goes on where it was after a restart.
 *
 * @returns how many files were hashed; `null` when someone else is at it, here or on another node
 * @throws {StoreUnavailableError}
 * @throws the signal's reason when it was aborted
 */
export async function hashBacklog(options: BacklogOptions): Promise<number | null> {
  const { store, repository, hashes, log, signal, turn, onProgress } = options;
  const pieces = hashes.pieces ?? null;
  if (pieces === null || !mayHash(repository)) return 0;
  await using lock = await store.lock("pieces");
  if (lock === null) return null;
  const stop = AbortSignal.any([signal, lock.signal]);
  const files = await waiting(store, pieces, stop);
  if (files.length === 0) return 0;
  log.info(`Pieces of ${files.length} files are to be hashed`);
  using thread = new HashThread(repository, hashes, () => {});
  const end = (): void => thread[Symbol.dispose]();
  stop.addEventListener("abort", end);
  let hashed = 0;
  try {
    for (const [index, file] of files.entries()) {
      onProgress?.(index, files.length);
      await turn?.();
      stop.throwIfAborted();
      const [result] = await thread.hash([file]);
      if (typeof result === "object" && "file" in result) {
        if (result.pieces !== null) await store.putPieces(result.pieces);
        hashed++;
      } else if (result !== "gone") {
        log.warn(`Cannot hash the pieces of "${file.path}": ${result?.message}`);
      }
      if ((index + 1) % PROGRESS_STEP === 0) {
        log.info(`Pieces of ${index + 1} of ${files.length} files were hashed`);
      }
    }
  } catch (error) {
    stop.throwIfAborted();
    throw error;
  } finally {
    stop.removeEventListener("abort", end);
  }
  log.info(`Pieces of ${hashed} files were hashed`);
  return hashed;
}

/** Files whose hashes are wanted and not there; those of files that are gone are removed. */
async function waiting(
  store: BacklogOptions["store"],
  { minSize, hybrid, zsync = false }: PieceWishes,
  signal: AbortSignal,
): Promise<ListedFile[]> {
  const known = new Map<string, string>();
  for await (const stamps of store.pieceStamps()) {
    signal.throwIfAborted();
    for (const stamp of stamps) {
      const whole = (stamp.hybrid || !hybrid) &&
        (stamp.zsync || !zsync || stamp.size > ZSYNC_LARGEST);
      known.set(stamp.path, whole ? stampOf(stamp) : "");
    }
  }
  const files: ListedFile[] = [];
  for await (const batch of store.sourceFiles()) {
    signal.throwIfAborted();
    for (const { path, size, modTime } of batch) {
      const stamp = known.get(path);
      known.delete(path);
      if (size < minSize || modTime === null || stamp === stampOf({ size, modTime })) continue;
      files.push({ path, size, modTime });
    }
  }
  await sweep(store, [...known.keys()]);
  return files.sort((a, b) => b.modTime! - a.modTime!);
}

/**
 * Removes hashes of files that are gone. A scan stores those of new files before the files themselves: while
 * one is running, nobody knows which of them are gone.
 */
async function sweep(store: BacklogOptions["store"], paths: readonly string[]): Promise<void> {
  for (let i = 0; i < paths.length; i += SWEEP) {
    await using lock = await store.lock("source");
    if (lock === null) return;
    const some = paths.slice(i, i + SWEEP);
    const files = await Promise.all(some.map((path) => store.lookup(path)));
    await store.removePieces(some.filter((_, index) => files[index] === null));
  }
}

function stampOf({ size, modTime }: Pick<ListedFile, "size" | "modTime">): string {
  return `${size} ${modTime}`;
}
