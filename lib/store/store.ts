import type { IndexedFile, ListedFile, SourceFile } from "../catalog/file.ts";
import type { FileRevision } from "../catalog/file_revision.ts";
import type { Mirror } from "../catalog/mirror.ts";
import type { MirrorEvent } from "../catalog/mirror_event.ts";
import type { PieceStamp } from "../catalog/piece_hashes.ts";
import type { PieceRecord } from "../catalog/zsync_sums.ts";
import type { MirrorRecord, MirrorState } from "../catalog/mirror_state.ts";
import type { ClusterChannel } from "./cluster_channel.ts";
import type { CopyDifference, SourceDifference } from "./difference.ts";
import type { MessageStore } from "./message_store.ts";
import type { NoteKind, NoteStore } from "./note_store.ts";
import type { LockTarget, StoreLock } from "./store_lock.ts";
import type { VerificationStore } from "./verification_store.ts";
import type { StoreReader } from "./store_reader.ts";
import type { CountedPeriods, DownloadBatch, Hour, Period } from "./download_counts.ts";

/** What changed in the store, here or on another node. */
export type StoreChange =
  /** A mirror was added, edited, removed, or changed its state. */
  | { readonly type: "mirror"; readonly id: number }
  /** Source files were added, changed or removed. */
  | {
    readonly type: "files";
    readonly paths: readonly string[];
    /**
     * What they are now; a path without a file is gone. `same`: sizes and times are what they were. Absent:
     * whoever tells does not know.
     */
    readonly now?: readonly SourceFile[] | "same";
  }
  /** Copies on one mirror were added, changed or removed. */
  | { readonly type: "copies"; readonly mirrorId: number; readonly paths: readonly string[] }
  /** Notes were written or removed. */
  | { readonly type: "notes"; readonly kind: NoteKind; readonly names: readonly string[] }
  /** Messages may have been missed: whatever was remembered from the store may be wrong. */
  | { readonly type: "missed" }
  /** The store went away, or came back. */
  | { readonly type: "availability"; readonly available: boolean }
  /** {@linkcode Store.trouble} is something else now; nothing that is stored changed. */
  | { readonly type: "condition" };

/**
 * Port: everything that lasts. It speaks of mirrors, files, scans, counters, locks and events, never
 * of keys or tables. Every method may throw {@linkcode StoreUnavailableError}. Writes are published
 * to {@linkcode watch} listeners of every node once readers can see them.
 */
export interface Store extends StoreReader {
  /** Every mirror with its state, by ID. */
  mirrors(): Promise<MirrorRecord[]>;
  /** One mirror with its state. @returns `null` when there is no such mirror */
  mirror(id: number): Promise<MirrorRecord | null>;
  /**
   * Adds a mirror in its initial state.
   *
   * @returns the ID given to it
   * @throws NameTakenError
   */
  addMirror(mirror: Omit<Mirror, "id">): Promise<number>;
  /**
   * Replaces what the operator configured; the state stays.
   *
   * @throws NameTakenError
   * @throws NoSuchMirrorError
   */
  updateMirror(mirror: Mirror): Promise<void>;
  /**
   * Replaces parts of what the monitor found. Nothing happens to a mirror that is gone.
   *
   * @param state the properties to change; the others stay
   */
  updateMirrorState(id: number, state: Partial<MirrorState>): Promise<void>;
  /** Sets only whether the mirror is enabled. @throws NoSuchMirrorError */
  enableMirror(id: number, enabled: boolean): Promise<void>;
  /** Removes a mirror, its copies, its events and its locks; its counters stay. @throws NoSuchMirrorError */
  removeMirror(id: number): Promise<void>;

  /** Number of files in the source index. */
  countFiles(): Promise<number>;
  /** The source index, in batches of any size; here alone with when each file was first seen. */
  sourceFiles(): AsyncIterable<readonly SourceFile[]>;
  /** Of the source index those of some paths, each named once; else as {@linkcode Store.sourceFiles}. */
  sourceFilesAt(paths: readonly string[]): AsyncIterable<readonly SourceFile[]>;
  /**
   * Writes the difference of a source scan, in batches; readers of one file see its old or its new
   * state. Files that mirrors carry already become shared at once.
   */
  updateSource(difference: SourceDifference, signal: AbortSignal): Promise<void>;
  /**
   * Adds or replaces the hashes of the pieces of a file, and what zsync needs of it, at once; the file
   * need not be in the index yet. They are removed with it.
   */
  putPieces(record: PieceRecord): Promise<void>;
  /**
   * Removes the hashes of the pieces of some files.
   *
   * @param only `zsync`: no more than what zsync needs; default: everything
   */
  removePieces(paths: readonly string[], only?: "zsync"): Promise<void>;
  /** Of which versions of which files there are hashes of pieces, in batches of any size. */
  pieceStamps(): AsyncIterable<readonly PieceStamp[]>;
  /**
   * Keeps a former version of a file, whether the file is in the index or not. The newest ten are kept.
   *
   * @param oldest what was replaced before is of no use any more, in milliseconds since the epoch
   */
  addRevision(path: string, revision: FileRevision, oldest: number): Promise<void>;
  /** Drops the former versions of a file. @returns how many there were */
  forgetRevisions(path: string): Promise<number>;
  /** The copies on one mirror, source files or not, in batches of any size. */
  copiesOf(mirrorId: number): AsyncIterable<readonly ListedFile[]>;
  /**
   * Writes the difference of a mirror scan in batches that never make other requests wait; a reader
   * of one file sees its old or its new copy, nothing else. Stopped half-way, what was written is true
   * and the next scan writes the rest.
   *
   * @returns how many of the mirror's files the source has too
   * @throws NoSuchMirrorError when the mirror is gone, also half-way
   */
  updateCopies(mirrorId: number, difference: CopyDifference, signal: AbortSignal): Promise<number>;
  /**
   * A random file that both the source and the mirror have now.
   *
   * @param random 0 to 1, exclusive
   * @returns `null` when they share none
   */
  sharedFile(mirrorId: number, random: () => number): Promise<IndexedFile | null>;
  /** Up to `count` random files that both have. */
  sharedFiles(mirrorId: number, count: number, random: () => number): Promise<IndexedFile[]>;

  /**
   * Adds downloads to the counters of the file, the mirrors, and everything: day, month, year, total.
   * A batch is written wholly or not at all.
   *
   * @param id names the batch, where an answer of the store may be lost: whoever cannot know whether
   *   the batch was written adds it again under the same ID, and it counts once
   */
  addDownloads(batch: DownloadBatch, id?: string): Promise<void>;
  /** Forgets the ID of a batch that is known to be written, and will not be added again. */
  forgetDownloads?(id: string): Promise<void>;
  /** In which periods something was counted, each kind in order. */
  countedPeriods(): Promise<CountedPeriods>;
  /**
   * Removes what was counted in a period.
   *
   * @param kind the counters of files and mirrors, or what is counted by name
   * @param signal ends it between two parts of a large one; what is removed by then stays so
   * @returns how many counters there were
   * @throws whatever `signal` was aborted with
   */
  removeCounted(
    kind: keyof CountedPeriods,
    period: Hour | Period,
    signal?: AbortSignal,
  ): Promise<number>;

  /** Appends to a mirror's event log, of which the newest 10 000 are kept. */
  addEvent(event: MirrorEvent): Promise<void>;
  /** See {@linkcode StoreReader.events}. */
  events(mirrorId: number, limit: number): Promise<MirrorEvent[]>;

  /**
   * Takes a lock, for all nodes on this store. It frees itself within ten seconds after a crash.
   *
   * @returns `null` when someone else holds it
   */
  lock(target: LockTarget): Promise<StoreLock | null>;
  /** Calls `listener` for each change, own ones too, until the signal is aborted. */
  watch(listener: (change: StoreChange) => void, signal: AbortSignal): void;
  /** Messages to people and programs that wait to be sent. */
  readonly messages: MessageStore;
  /** Small facts that all nodes share. */
  readonly notes: NoteStore;
  /** Which copies were asked for. */
  readonly verifications: VerificationStore;
  /** `null`: this node is alone. */
  readonly cluster: ClusterChannel | null;
  /** Whether the store could be reached last time. */
  readonly available: boolean;
  /**
   * What is wrong with the store, though it may answer, in words without addresses or paths: it cannot be
   * reached, mirrors cannot be read or are lost, its file is gone. `null`: nothing.
   */
  readonly trouble: string | null;
  /** For people: `Redis 7.0.15 at 127.0.0.1:6379, database 0`, `SQLite 3.53 at /var/lib/…`; no password. */
  readonly description: string;
}

/** The store cannot be reached now, or refuses to answer. */
export class StoreUnavailableError extends Error {
  /** See `Error.name`. */
  override readonly name = "StoreUnavailableError";
}

/** Another mirror has that name. */
export class NameTakenError extends Error {
  /** See `Error.name`. */
  override readonly name = "NameTakenError";
  /** Says so. @param mirrorName the name that is taken */
  constructor(readonly mirrorName: string) {
    super(`Name already taken: "${mirrorName}"`);
  }
}

/** There is no mirror with that ID. */
export class NoSuchMirrorError extends Error {
  /** See `Error.name`. */
  override readonly name = "NoSuchMirrorError";
  /** Says so. @param id the ID that was asked for */
  constructor(readonly id: number) {
    super(`No mirror has the ID ${id}`);
  }
}
