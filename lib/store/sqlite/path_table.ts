import type { StatementSync } from "node:sqlite";
import type { Connection } from "./connection.ts";

/** Every path that anything is known about, once, with the number that stands for it. */
export class PathTable {
  readonly #find: StatementSync;
  readonly #insert: StatementSync;
  readonly #release: StatementSync;

  /** @param connection a connection that writes */
  constructor(connection: Connection) {
    this.#find = connection.prepare("SELECT id FROM path WHERE text = ?");
    this.#insert = connection.prepare("INSERT INTO path (text) VALUES (?)");
    this.#release = connection.prepare(`
      DELETE FROM path WHERE id = ?
      AND NOT EXISTS (SELECT 1 FROM source WHERE path_id = path.id)
      AND NOT EXISTS (SELECT 1 FROM file_downloads WHERE period = 0 AND path_id = path.id)
      AND NOT EXISTS (
        SELECT 1 FROM mirror CROSS JOIN copy ON mirror_id = mirror.id AND path_id = path.id
      )`);
  }

  /** @returns the number of a path; `undefined` when nothing is known about it */
  find(path: string): number | undefined {
    return this.#find.get(path)?.id as number | undefined;
  }

  /** @returns the number of a path, which is added where it is new */
  ensure(path: string): number {
    return this.find(path) ?? this.add(path);
  }

  /** Adds a path that is known to be new. @returns its number */
  add(path: string): number {
    return Number(this.#insert.run(path).lastInsertRowid);
  }

  /** Forgets a path that nothing refers to any more. */
  release(id: number): void {
    this.#release.run(id);
  }
}
