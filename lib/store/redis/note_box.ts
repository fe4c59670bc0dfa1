import type { NoteChange, NoteKind, NoteStore } from "../note_store.ts";
import { CHANNELS } from "./channels.ts";
import type { Command, RedisConnection } from "./connection.ts";
import { KEYS, noteKey } from "./keys.ts";
import { OddReplyError, optionalTextReply, pageReply, textReply } from "./reply.ts";

/** Notes that are read or written at once. */
const COUNT = 500;

/** Notes, each kind a hash of its own that the original takes no notice of. */
export class NoteBox implements NoteStore {
  readonly #connection: RedisConnection;

  constructor(connection: RedisConnection) {
    this.#connection = connection;
  }

  async all(kind: NoteKind): Promise<Map<string, string>> {
    const notes = new Map<string, string>();
    let cursor = "0";
    do {
      const [next, fields] = await this.#connection.run(async (redis) =>
        pageReply(await redis.hscan(noteKey(kind), cursor, "COUNT", COUNT), cursor)
      );
      for (let i = 0; i < fields.length; i += 2) notes.set(fields[i]!, fields[i + 1]!);
      cursor = next;
    } while (cursor !== "0");
    return notes;
  }

  async get(kind: NoteKind, names: readonly string[]): Promise<(string | null)[]> {
    const found: (string | null)[] = [];
    for (let i = 0; i < names.length; i += COUNT) {
      const some = names.slice(i, i + COUNT);
      const values = await this.#connection.run((redis) => redis.hmget(noteKey(kind), ...some));
      if (values.length !== some.length) throw new OddReplyError("notes", values);
      found.push(...values.map(optionalTextReply));
    }
    return found;
  }

  async change(kind: NoteKind, { put = new Map(), removed = [] }: NoteChange): Promise<void> {
    const key = noteKey(kind);
    const commands: Command[][] = [
      ...[...put].map(([name, value]): Command[] => [
        ["hset", key, name, value],
        ["publish", CHANNELS.note, `${kind} ${name}`],
      ]),
      ...removed.map((name): Command[] => [
        ["hdel", key, name],
        ["publish", CHANNELS.note, `${kind} ${name}`],
      ]),
    ];
    for (let i = 0; i < commands.length; i += COUNT) {
      await this.#connection.pipeline(commands.slice(i, i + COUNT).flat());
    }
  }

  async salt(candidate: string): Promise<string> {
    return await this.#connection.run(async (redis) => {
      await redis.set(KEYS.salt, candidate, "NX");
      return textReply(await redis.get(KEYS.salt));
    });
  }
}
