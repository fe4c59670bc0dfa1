import type { SourceFile } from "../../catalog/file.ts";
import { NoSuchMirrorError, type StoreChange } from "../store.ts";
import type { CopyDifference, SourceDifference } from "../difference.ts";
import type { Connection } from "./connection.ts";
import type { CopyTable } from "./copy_table.ts";
import type { MirrorTable } from "./mirror_table.ts";
import type { SourceTable } from "./source_table.ts";
import { JournalRelief } from "./journal_relief.ts";
import { TimeSlice } from "./time_slice.ts";
import { writeBatches } from "./write_batches.ts";

/** What an index writer works on. */
export interface IndexWriterParts {
  readonly connection: Connection;
  readonly mirrors: Pick<MirrorTable, "has">;
  readonly source: SourceTable;
  readonly copies: CopyTable;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Called with each change once readers can see it. */
  readonly publish: (change: StoreChange) => void;
}

/** Writes the differences that scans find, in batches. */
export class IndexWriter {
  readonly #parts: IndexWriterParts;
  /** Kept here, as counting reads the whole table; nobody else writes. */
  #fileCount: number;

  /** Counts the files of the source. */
  constructor(parts: IndexWriterParts) {
    this.#parts = parts;
    this.#fileCount = parts.connection.attempt(() => parts.source.count());
  }

  /** Number of files in the source index. */
  get fileCount(): number {
    return this.#fileCount;
  }

  /** Writes the difference of a source scan. @throws the signal's reason */
  async updateSource({ changed, removed }: SourceDifference, signal: AbortSignal): Promise<void> {
    const { connection, source, now, publish } = this.#parts;
    signal.throwIfAborted();
    // Counted once a transaction is done, so that one that fails does not count.
    let delta = 0;
    const options = {
      signal,
      now,
      begin: () => {
        delta = 0;
      },
    };
    const committed = (paths: readonly string[], now: readonly SourceFile[]): void => {
      this.#fileCount += delta;
      publish({ type: "files", paths, now });
    };
    await writeBatches(connection, changed, (files) => {
      delta += source.putAll(files);
    }, { ...options, committed: (files) => committed(files.map(({ path }) => path), files) });
    await writeBatches(connection, removed, (paths) => {
      delta -= source.removeAll(paths);
    }, { ...options, committed: (paths) => committed(paths, []) });
  }

  /** Writes the difference of a mirror scan. @throws NoSuchMirrorError @throws the signal's reason */
  async updateCopies(
    mirrorId: number,
    { changed, removed }: CopyDifference,
    signal: AbortSignal,
  ): Promise<void> {
    const { connection, mirrors, copies, now, publish } = this.#parts;
    const begin = (): void => {
      if (!mirrors.has(mirrorId)) throw new NoSuchMirrorError(mirrorId);
    };
    const committed = (paths: readonly string[]): void =>
      publish({ type: "copies", mirrorId, paths });
    signal.throwIfAborted();
    connection.attempt(begin);
    await writeBatches(connection, changed, (files) => copies.putAll(mirrorId, files), {
      signal,
      now,
      begin,
      committed: (files) => committed(files.map(({ path }) => path)),
    });
    await writeBatches(connection, removed, (paths) => copies.removeAll(mirrorId, paths), {
      signal,
      now,
      begin,
      committed,
    });
  }

  /** Removes the copies of a mirror that is gone: nobody sees them any more. */
  async removeCopies(mirrorId: number): Promise<void> {
    const { connection, copies, now } = this.#parts;
    const slice = new TimeSlice(now);
    await using journal = new JournalRelief(connection);
    while (true) {
      const ids = connection.attempt(() => copies.pathIds(mirrorId, 0));
      if (ids.length === 0) return;
      await writeBatches(connection, ids, (some) => copies.removeIds(mirrorId, some), {
        now,
        journal,
      });
      await slice.turn();
    }
  }

  /** Removes what removals of mirrors that were cut short have left. */
  async removeOrphans(): Promise<void> {
    const { connection, mirrors, copies } = this.#parts;
    let last = 0;
    while (true) {
      const from = last;
      const id = connection.attempt(() => copies.nextMirrorId(from));
      if (id === null) return;
      if (!connection.attempt(() => mirrors.has(id))) await this.removeCopies(id);
      last = id;
    }
  }
}
