import type { StatementSync } from "node:sqlite";
import type { Connection } from "./connection.ts";
import { TimeSlice } from "./time_slice.ts";

/** Copies that one step of a walk looks at. */
const STEP = 2000;

/** Copies that one step of a count looks at: some milliseconds. */
const COUNT_STEP = 5_000;

/** Random draws for each file wanted, before files are taken in a row. */
const DRAWS = 32;

/**
 * Files that the source and a mirror share, by the numbers of their paths. Numbers are given out in
 * order and mostly without gaps, so that a number drawn at random mostly hits, whatever the size; a
 * draw that hits is fair. Only where a mirror shares few of its files does a walk take what comes next.
 */
export class SharedFiles {
  readonly #range: StatementSync;
  readonly #shared: StatementSync;
  readonly #step: StatementSync;
  readonly #count: StatementSync;

  readonly #now: () => number;

  /**
   * @param connection any connection
   * @param now milliseconds since the epoch
   */
  constructor(connection: Connection, now: () => number) {
    this.#now = now;
    // One aggregate each: SQLite answers them from the two ends of the range.
    this.#range = connection.prepare(`
      SELECT (SELECT min(path_id) FROM copy WHERE mirror_id = ?) AS first,
        (SELECT max(path_id) FROM copy WHERE mirror_id = ?) AS last`);
    this.#shared = connection.prepare(`
      SELECT 1 FROM copy JOIN source USING (path_id) WHERE mirror_id = ? AND path_id = ?`);
    this.#step = connection.prepare(`
      SELECT copy.path_id, source.path_id IS NOT NULL AS shared
      FROM (SELECT path_id FROM copy WHERE mirror_id = ? AND path_id > ?
        ORDER BY path_id LIMIT ${STEP}) AS copy
      LEFT JOIN source USING (path_id) ORDER BY copy.path_id`);
    this.#count = connection.prepare(`
      SELECT count(source.path_id) AS shared, count(*) AS seen, max(copy.path_id) AS last
      FROM (SELECT path_id FROM copy WHERE mirror_id = ? AND path_id > ?
        ORDER BY path_id LIMIT ${COUNT_STEP}) AS copy
      LEFT JOIN source USING (path_id)`);
  }

  /** Counts the files that a mirror shares, in steps. */
  async count(mirrorId: number): Promise<number> {
    const slice = new TimeSlice(this.#now);
    let count = 0;
    let after = 0;
    while (true) {
      const row = this.#count.get(mirrorId, after);
      count += Number(row?.shared);
      if (row?.seen !== COUNT_STEP) return count;
      after = Number(row.last);
      await slice.turn();
    }
  }

  /**
   * Draws files that a mirror shares.
   *
   * @returns numbers of up to `count` different paths
   */
  async draw(mirrorId: number, count: number, random: () => number): Promise<number[]> {
    const drawn = new Set<number>();
    const range = this.#range.get(mirrorId, mirrorId);
    if (typeof range?.first !== "number" || typeof range.last !== "number") return [];
    const { first, last } = range;
    const any = (): number => first + Math.floor(random() * (last - first + 1));
    for (let i = 0; i < count * DRAWS && drawn.size < count; i++) {
      const id = any();
      if (!drawn.has(id) && this.#shared.get(mirrorId, id)) drawn.add(id);
    }
    const start = any();
    for (const from of [start - 1, 0]) {
      if (drawn.size >= count) break;
      for await (const ids of this.#walk(mirrorId, from)) {
        for (const id of ids) if (drawn.size < count) drawn.add(id);
        if (drawn.size >= count) break;
      }
    }
    return [...drawn];
  }

  /** The shared files after one, in order, a step at a time. */
  async *#walk(mirrorId: number, after: number): AsyncGenerator<number[]> {
    const slice = new TimeSlice(this.#now);
    while (true) {
      const rows = this.#step.all(mirrorId, after);
      if (rows.length === 0) return;
      yield rows.filter((row) => row.shared === 1).map((row) => Number(row.path_id));
      if (rows.length < STEP) return;
      after = Number(rows.at(-1)!.path_id);
      await slice.turn();
    }
  }
}
