import type { StatementSync } from "node:sqlite";
import type { Connection } from "./connection.ts";

/** Every path that anything is known about, once, with the number that stands for it. */
export class PathTable {
  readonly #find: StatementSync;
  readonly #insert: StatementSync;
  readonly #findAll: StatementSync;
  readonly #addAll: StatementSync;
  readonly #releaseAll: StatementSync;

  /** @param connection a connection that writes */
  constructor(connection: Connection) {
    this.#find = connection.prepare("SELECT id FROM path WHERE text = ?");
    this.#insert = connection.prepare("INSERT INTO path (text) VALUES (?)");
    // Lists go in and out as JSON: a call for each path would cost several times what SQLite does.
    this.#findAll = connection.prepare(`
      SELECT json_group_array(json_each.key) AS keys, json_group_array(path.id) AS ids
      FROM json_each(?) JOIN path ON text = json_each.value`);
    this.#addAll = connection.prepare(`
      INSERT INTO path (text) SELECT value FROM json_each(?) WHERE true ON CONFLICT DO NOTHING`);
    this.#releaseAll = connection.prepare(`
      DELETE FROM path WHERE id IN (SELECT value FROM json_each(?))
      AND NOT EXISTS (SELECT 1 FROM source WHERE path_id = path.id)
      AND NOT EXISTS (SELECT 1 FROM piece WHERE path_id = path.id)
      AND NOT EXISTS (SELECT 1 FROM file_downloads WHERE period = 0 AND path_id = path.id)
      AND NOT EXISTS (
        SELECT 1 FROM mirror CROSS JOIN copy ON mirror_id = mirror.id AND path_id = path.id
      )`);
  }

  /** @returns the number of a path, which is added where it is new */
  ensure(path: string): number {
    const known = this.#find.get(path)?.id as number | undefined;
    return known ?? Number(this.#insert.run(path).lastInsertRowid);
  }

  /** @returns the numbers of paths, in the same order; 0: nothing is known about that one */
  findAll(paths: readonly string[]): number[] {
    const found = new Array<number>(paths.length).fill(0);
    const row = this.#findAll.get(JSON.stringify(paths));
    const keys = JSON.parse(row!.keys as string) as number[];
    const ids = JSON.parse(row!.ids as string) as number[];
    for (let i = 0; i < keys.length; i++) found[keys[i]!] = ids[i]!;
    return found;
  }

  /** @returns the numbers of paths, in the same order; those that are new are added */
  ensureAll(paths: readonly string[]): number[] {
    // In JSON, what is no Unicode would come to something else than by itself.
    const whole = paths.every((path) => path.isWellFormed());
    const found = whole ? this.findAll(paths) : [];
    return paths.map((path, index) => found[index] || this.ensure(path));
  }

  /** Adds those paths that are new. */
  addAll(paths: readonly string[]): void {
    this.#addAll.run(JSON.stringify(paths));
  }

  /** Forgets those paths that nothing refers to any more. @param ids their numbers, as a JSON array */
  releaseAll(ids: string): void {
    this.#releaseAll.run(ids);
  }
}
