import type { StatementSync } from "node:sqlite";
import {
  type MessageChange,
  type MessageStore,
  MOST_MESSAGES,
  type StoredMessage,
} from "../message_store.ts";
import type { Connection } from "./connection.ts";
import type { StoreAccess } from "./store_access.ts";

/** Messages that wait, and what was told. */
export class MessageTable {
  readonly #waiting: StatementSync;
  readonly #one: StatementSync;
  readonly #put: StatementSync;
  readonly #remove: StatementSync;
  readonly #trim: StatementSync;
  readonly #told: StatementSync;
  readonly #knownAs: StatementSync;
  readonly #know: StatementSync;
  readonly #forget: StatementSync;

  /** @param connection a connection that writes */
  constructor(connection: Connection) {
    const columns = "id, receiver, node, content, time, attempts, due";
    this.#waiting = connection.prepare(`SELECT ${columns} FROM message ORDER BY number`);
    this.#one = connection.prepare(`SELECT ${columns} FROM message WHERE id = ?`);
    this.#put = connection.prepare(`
      INSERT INTO message (${columns}) VALUES (?, ?, ?, ?, ?, ?, ?)
      ON CONFLICT (id) DO UPDATE SET receiver = excluded.receiver, node = excluded.node,
        content = excluded.content, time = excluded.time, attempts = excluded.attempts,
        due = excluded.due`);
    this.#remove = connection.prepare("DELETE FROM message WHERE id = ?");
    this.#trim = connection.prepare(`
      DELETE FROM message WHERE number IN (
        SELECT number FROM message ORDER BY number DESC LIMIT -1 OFFSET ${MOST_MESSAGES}
      ) RETURNING ${columns}`);
    this.#told = connection.prepare("SELECT key, value FROM told");
    this.#knownAs = connection.prepare("SELECT value FROM told WHERE key = ?");
    this.#know = connection.prepare(
      "INSERT INTO told (key, value) VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value",
    );
    this.#forget = connection.prepare("DELETE FROM told WHERE key = ?");
  }

  /** The messages that wait, the oldest first. */
  waiting(): StoredMessage[] {
    return this.#waiting.all().map(toMessage);
  }

  /** One of them. */
  one(id: string): StoredMessage | null {
    const row = this.#one.get(id);
    return row === undefined ? null : toMessage(row);
  }

  /** What is known to be told. */
  told(): Map<string, string> {
    return new Map(this.#told.all().map(({ key, value }) => [String(key), String(value)]));
  }

  /** Makes a change; to be called in a transaction. @returns see `MessageStore.change()` */
  change(
    { expect, put = [], remove = [], told = new Map() }: MessageChange,
  ): StoredMessage[] | null {
    if (expect !== undefined) {
      const value = this.#knownAs.get(expect.key)?.value ?? null;
      if (value !== expect.value) return null;
    }
    for (const id of remove) this.#remove.run(id);
    for (const { id, receiver, node, content, time, attempts, due } of put) {
      this.#put.run(id, receiver, node, content, time, attempts, due);
    }
    for (const [key, value] of told) {
      if (value === null) this.#forget.run(key);
      else this.#know.run(key, value);
    }
    return put.length === 0 ? [] : this.#trim.all().map(toMessage);
  }
}

function toMessage(row: Record<string, unknown>): StoredMessage {
  return {
    id: String(row.id),
    receiver: String(row.receiver),
    node: String(row.node),
    content: String(row.content),
    time: Number(row.time),
    attempts: Number(row.attempts),
    due: row.due === null ? null : Number(row.due),
  };
}

/** Messages, for a node that is alone. */
export class MessageBox implements MessageStore {
  readonly #table: MessageTable;
  readonly #access: StoreAccess;

  /** @param connection a connection that writes */
  constructor(connection: Connection, access: StoreAccess) {
    this.#table = new MessageTable(connection);
    this.#access = access;
  }

  waiting(): Promise<StoredMessage[]> {
    return this.#access.read(() => this.#table.waiting());
  }

  message(id: string): Promise<StoredMessage | null> {
    return this.#access.read(() => this.#table.one(id));
  }

  told(): Promise<Map<string, string>> {
    return this.#access.read(() => this.#table.told());
  }

  change(change: MessageChange): Promise<StoredMessage[] | null> {
    return this.#access.write(() => this.#table.change(change));
  }

  announce(node: string): Promise<string[]> {
    return Promise.resolve([node]);
  }
}
