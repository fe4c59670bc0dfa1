import {
  type MessageChange,
  type MessageStore,
  MOST_MESSAGES,
  type StoredMessage,
} from "../../lib/store/message_store.ts";

/** Messages that wait, and what was told, in memory and open to the test. */
export class MemoryMessages implements MessageStore {
  readonly queue = new Map<string, StoredMessage>();
  readonly known = new Map<string, string>();
  /** Nodes that send messages beside those that announce themselves. */
  readonly nodes = new Set<string>();
  /** Whether no change can be written. */
  full = false;

  waiting(): Promise<StoredMessage[]> {
    return Promise.resolve([...this.queue.values()]);
  }

  message(id: string): Promise<StoredMessage | null> {
    return Promise.resolve(this.queue.get(id) ?? null);
  }

  told(): Promise<Map<string, string>> {
    return Promise.resolve(new Map(this.known));
  }

  // deno-lint-ignore require-await -- a port's promise
  async change(change: MessageChange): Promise<StoredMessage[] | null> {
    if (this.full) throw new Error("database or disk is full");
    const { expect, put = [], remove = [], told = new Map() } = change;
    if (expect && (this.known.get(expect.key) ?? null) !== expect.value) return null;
    for (const id of remove) this.queue.delete(id);
    for (const message of put) this.queue.set(message.id, message);
    for (const [key, value] of told) {
      if (value === null) this.known.delete(key);
      else this.known.set(key, value);
    }
    const dropped = [...this.queue.values()].slice(0, Math.max(0, this.queue.size - MOST_MESSAGES));
    for (const { id } of dropped) this.queue.delete(id);
    return dropped;
  }

  announce(node: string): Promise<string[]> {
    return Promise.resolve([...this.nodes.add(node)].sort());
  }
}
