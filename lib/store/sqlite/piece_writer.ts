import { type PieceRecord, ZSYNC_PART } from "../../catalog/zsync_sums.ts";
import type { Connection } from "./connection.ts";
import { JournalRelief } from "./journal_relief.ts";
import type { PieceTable } from "./piece_table.ts";
import { TimeSlice } from "./time_slice.ts";

/** What a {@linkcode PieceWriter} works on. */
export interface PieceWriterParts {
  readonly connection: Connection;
  readonly pieces: PieceTable;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

/**
 * Writes the hashes of the pieces of files, one file after the other. What zsync needs of a large file is
 * written, and removed, in transactions so small that nothing else on this thread waits for long.
 */
export class PieceWriter {
  readonly #parts: PieceWriterParts;
  #last: Promise<void> = Promise.resolve();

  /** @param parts what it works on */
  constructor(parts: PieceWriterParts) {
    this.#parts = parts;
  }

  /** Adds or replaces what is known of one file. Until all of it is there, what was there is served. */
  put(record: PieceRecord): Promise<void> {
    return this.#after(async () => {
      const { connection, pieces } = this.#parts;
      const { zsync } = record;
      if (zsync === null) {
        connection.transaction(() => pieces.put(record, null));
      } else {
        const body = connection.transaction(() => pieces.zsync.addBody());
        const count = Math.ceil(zsync.sums.length / ZSYNC_PART);
        let part = 0;
        await this.#inSteps(() => {
          if (part < count) pieces.zsync.addPart(body, part, zsync.sums);
          else pieces.put(record, body);
          return part++ < count;
        });
      }
      await this.#removeOrphans();
    });
  }

  /** Removes those of some files. @param only no more than what zsync needs */
  remove(paths: readonly string[], only?: "zsync"): Promise<void> {
    return this.#after(async () => {
      const { connection, pieces } = this.#parts;
      connection.transaction(() => pieces.removeAll(paths, only));
      await this.#removeOrphans();
    });
  }

  /** Removes what belongs to no file any more: of files that were removed, or whose write was cut short. */
  removeOrphans(): Promise<void> {
    return this.#after(() => this.#removeOrphans());
  }

  #removeOrphans(): Promise<void> {
    return this.#inSteps(() => this.#parts.pieces.zsync.removeSome());
  }

  /** @param step is a transaction; it says whether there is another one to do */
  async #inSteps(step: () => boolean): Promise<void> {
    const { connection, now } = this.#parts;
    await using journal = new JournalRelief(connection);
    const slice = new TimeSlice(now);
    while (connection.transaction(step)) {
      await journal.committed();
      await slice.turn();
    }
  }

  /** One after the other: what is written belongs to nothing until it is whole. */
  #after(action: () => Promise<void>): Promise<void> {
    const done = this.#last.then(action);
    this.#last = done.catch(() => {});
    return done;
  }
}
