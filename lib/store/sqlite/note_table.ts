import type { StatementSync } from "node:sqlite";
import type { NoteChange, NoteKind, NoteStore } from "../note_store.ts";
import type { StoreChange } from "../store.ts";
import type { Connection } from "./connection.ts";
import type { StoreAccess } from "./store_access.ts";

/** Notes: small facts, by kind and name. */
export class NoteTable {
  readonly #all: StatementSync;
  readonly #one: StatementSync;
  readonly #put: StatementSync;
  readonly #add: StatementSync;
  readonly #remove: StatementSync;

  /** @param connection a connection that writes */
  constructor(connection: Connection) {
    this.#all = connection.prepare("SELECT name, value FROM note WHERE kind = ?");
    this.#one = connection.prepare("SELECT value FROM note WHERE kind = ? AND name = ?");
    this.#put = connection.prepare(`
      INSERT INTO note (kind, name, value) VALUES (?, ?, ?)
      ON CONFLICT DO UPDATE SET value = excluded.value`);
    this.#add = connection.prepare(`
      INSERT INTO note (kind, name, value) VALUES (?, ?, ?) ON CONFLICT DO NOTHING`);
    this.#remove = connection.prepare("DELETE FROM note WHERE kind = ? AND name = ?");
  }

  /** Every note of a kind. */
  all(kind: NoteKind | "salt"): Map<string, string> {
    return new Map(this.#all.all(kind).map(({ name, value }) => [String(name), String(value)]));
  }

  /** One note. */
  get(kind: NoteKind, name: string): string | null {
    const row = this.#one.get(kind, name);
    return row === undefined ? null : String(row.value);
  }

  /** Makes a change; to be called in a transaction. */
  change(kind: NoteKind | "salt", { put = new Map(), removed = [] }: NoteChange): void {
    for (const [name, value] of put) this.#put.run(kind, name, value);
    for (const name of removed) this.#remove.run(kind, name);
  }

  /** See `NoteStore.salt()`; to be called in a transaction. */
  salt(candidate: string): string {
    this.#add.run("salt", "", candidate);
    return String(this.#one.get("salt", "")?.value);
  }
}

/** Notes, with word of each change. */
export class NoteBox implements NoteStore {
  readonly #table: NoteTable;
  readonly #access: StoreAccess;
  readonly #publish: (change: StoreChange) => void;

  /** @param connection a connection that writes */
  constructor(
    connection: Connection,
    access: StoreAccess,
    publish: (change: StoreChange) => void,
  ) {
    this.#table = new NoteTable(connection);
    this.#access = access;
    this.#publish = publish;
  }

  all(kind: NoteKind): Promise<Map<string, string>> {
    return this.#access.read(() => this.#table.all(kind));
  }

  get(kind: NoteKind, names: readonly string[]): Promise<(string | null)[]> {
    return this.#access.read(() => names.map((name) => this.#table.get(kind, name)));
  }

  async change(kind: NoteKind, change: NoteChange): Promise<void> {
    const names = [...change.put?.keys() ?? [], ...change.removed ?? []];
    if (names.length === 0) return;
    await this.#access.write(() => this.#table.change(kind, change));
    this.#publish({ type: "notes", kind, names });
  }

  salt(candidate: string): Promise<string> {
    return this.#access.write(() => this.#table.salt(candidate));
  }
}
