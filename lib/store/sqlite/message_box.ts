import type { MessageChange, MessageStore, StoredMessage } from "../message_store.ts";
import type { Connection } from "./connection.ts";
import { MessageTable } from "./message_table.ts";
import type { StoreAccess } from "./store_access.ts";

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
