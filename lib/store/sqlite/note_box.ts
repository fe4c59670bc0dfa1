import type { NoteChange, NoteKind, NoteStore } from "../note_store.ts";
import type { StoreChange } from "../store.ts";
import type { Connection } from "./connection.ts";
import { NoteTable } from "./note_table.ts";
import type { StoreAccess } from "./store_access.ts";

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
