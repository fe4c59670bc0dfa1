import type { StatementSync } from "node:sqlite";
import type { Connection } from "./connection.ts";

/** Rows of one statement: more save nothing any more. */
const ROWS = 25;

/** A value of a column. */
export type Value = string | number | null;

/** A statement that writes rows, many at once: a call of SQLite costs more than what it does to a row. */
export class RowsStatement {
  readonly #columns: number;
  readonly #many: StatementSync;
  readonly #one: StatementSync;

  /**
   * @param head what stands before the rows: `INSERT INTO … VALUES`
   * @param row one row with its parameters, each a `?`: `(?, ?)`
   * @param tail what stands behind the rows
   */
  constructor(connection: Connection, head: string, row: string, tail = "") {
    this.#columns = row.split("?").length - 1;
    this.#many = connection.prepare(`${head} ${Array(ROWS).fill(row).join(", ")} ${tail}`);
    this.#one = connection.prepare(`${head} ${row} ${tail}`);
  }

  /** @param values those of the first row, then of the second, and so on */
  run(values: readonly Value[]): void {
    const size = ROWS * this.#columns;
    let at = 0;
    for (; at + size <= values.length; at += size) this.#many.run(...values.slice(at, at + size));
    for (; at < values.length; at += this.#columns) {
      this.#one.run(...values.slice(at, at + this.#columns));
    }
  }
}
