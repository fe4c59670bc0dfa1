import {
  type MessageChange,
  type MessageStore,
  MOST_MESSAGES,
  type StoredMessage,
} from "../message_store.ts";
import type { RedisConnection } from "./connection.ts";
import { KEYS } from "./keys.ts";
import { ANNOUNCE_NODE, CHANGE_MESSAGES } from "./message_scripts.ts";
import { hashReply, optionalTextReply, textsReply } from "./reply.ts";

/** Seconds for which a node counts that announced itself: several rounds. */
const NODE_LIFE = 10;

/** Messages that wait, and what was told, in keys that the original takes no notice of. */
export class MessageBox implements MessageStore {
  readonly #connection: RedisConnection;

  constructor(connection: RedisConnection) {
    this.#connection = connection;
  }

  async waiting(): Promise<StoredMessage[]> {
    const texts = await this.#connection.run(async (redis) =>
      hashReply(await redis.hgetall(KEYS.messages))
    );
    return Object.values(texts).flatMap((text) => parse(text) ?? [])
      .sort((a, b) => a.time - b.time || (a.id < b.id ? -1 : 1));
  }

  async message(id: string): Promise<StoredMessage | null> {
    const text = await this.#connection.run((redis) => redis.hget(KEYS.messages, id));
    return parse(optionalTextReply(text) ?? "null");
  }

  async told(): Promise<Map<string, string>> {
    const told = await this.#connection.run(async (redis) =>
      hashReply(await redis.hgetall(KEYS.told))
    );
    return new Map(Object.entries(told));
  }

  async change(
    { expect, put = [], remove = [], told = new Map() }: MessageChange,
  ): Promise<StoredMessage[] | null> {
    const dropped = await this.#connection.script(
      CHANGE_MESSAGES,
      MOST_MESSAGES,
      ...(expect === undefined ? ["0"] : ["1", expect.key, ...optional(expect.value)]),
      ...[remove.length, ...remove],
      ...[put.length, ...put.flatMap((message) => [message.id, JSON.stringify(message)])],
      ...[told.size, ...[...told].flatMap(([key, value]) => [key, ...optional(value)])],
    );
    return dropped === 0 ? null : textsReply(dropped).flatMap((text) => parse(text) ?? []);
  }

  async announce(node: string): Promise<string[]> {
    return textsReply(await this.#connection.script(ANNOUNCE_NODE, node, NODE_LIFE)).sort();
  }
}

function optional(value: string | null): [there: string, value: string] {
  return value === null ? ["0", ""] : ["1", value];
}

/** @returns `null` for what somebody else wrote */
function parse(text: string): StoredMessage | null {
  try {
    const { id, receiver, node, content, time, attempts, due } = JSON.parse(text) ?? {};
    const fits = [id, receiver, node, content].every((part) => typeof part === "string") &&
      [time, attempts, due ?? 0].every((part) => Number.isFinite(part));
    return fits ? { id, receiver, node, content, time, attempts, due } : null;
  } catch {
    return null;
  }
}
