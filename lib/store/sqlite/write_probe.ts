import type { Connection } from "./connection.ts";

/** Bytes that are written: a disk that has no room for more is full. */
const SIZE = 64 * 1024;

/** Writes something that nobody reads and takes it away again, to learn whether the store can be written. */
export class WriteProbe {
  readonly #connection: Connection;

  /** @param connection a connection that writes */
  constructor(connection: Connection) {
    this.#connection = connection;
  }

  /** Puts it there; to be called in a transaction of its own, as only what was kept was written. */
  put(): void {
    this.#connection.prepare(
      "INSERT OR REPLACE INTO note (kind, name, value) VALUES ('probe', '', ?)",
    ).run(" ".repeat(SIZE));
  }

  /** Takes it away; to be called in a transaction. */
  remove(): void {
    this.#connection.prepare("DELETE FROM note WHERE kind = 'probe'").run();
  }
}
