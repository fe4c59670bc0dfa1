import type { StatementSync } from "node:sqlite";
import type { Connection } from "./connection.ts";

/** Rows of one statement, by default. */
const ROWS = 25;

/** A value of a column. */
export type Value = string | number | null;

/** What a {@linkcode RowsStatement} is made of. */
export interface RowsStatementText {
  /** What stands before the rows: `INSERT INTO … VALUES`. */
  readonly head: string;
  /** One row with its parameters, each a `?`: `(?, ?)`. */
  readonly row: string;
  /** What stands behind the rows; default: nothing. */
  readonly tail?: string;
  /** Rows of one statement: where more save nothing any more; default 25. */
  readonly rows?: number;
}

/** A statement that writes rows, many at once: a call of SQLite costs more than what it does to a row. */
export class RowsStatement {
  readonly #columns: number;
  readonly #rows: number;
  readonly #many: StatementSync;
  readonly #one: StatementSync;

  /** @param connection a connection that writes */
  constructor(connection: Connection, { head, row, tail = "", rows = ROWS }: RowsStatementText) {
    this.#columns = row.split("?").length - 1;
    this.#rows = rows;
    this.#many = connection.prepare(`${head} ${Array(rows).fill(row).join(", ")} ${tail}`);
    this.#one = connection.prepare(`${head} ${row} ${tail}`);
  }

  /**
   * Writes rows.
   *
   * @param values those of the first row, then of the second, and so on
   * @returns how many rows were written
   */
  run(values: readonly Value[]): number {
    const size = this.#rows * this.#columns;
    let written = 0;
    let at = 0;
    for (; at + size <= values.length; at += size) {
      written += Number(this.#many.run(...values.slice(at, at + size)).changes);
    }
    for (; at < values.length; at += this.#columns) {
      written += Number(this.#one.run(...values.slice(at, at + this.#columns)).changes);
    }
    return written;
  }
}
