import { type FileRevision, MOST_REVISIONS } from "../../catalog/file_revision.ts";
import { CHANNELS } from "./channels.ts";
import type { RedisConnection } from "./connection.ts";
import { revisionsKey } from "./keys.ts";
import { failOnError } from "./reply.ts";

/** Former versions of files, each path a list of our own, which runs out by itself. */
export class RevisionList {
  readonly #connection: RedisConnection;

  constructor(connection: RedisConnection) {
    this.#connection = connection;
  }

  /** @returns newest first; without what cannot be read */
  async of(path: string): Promise<FileRevision[]> {
    const texts = await this.#connection.run((redis) =>
      redis.lrange(revisionsKey(path), 0, MOST_REVISIONS - 1)
    );
    return texts.flatMap((text) => parse(text) ?? []);
  }

  /** Adds one, and tells every node. @param oldest what was replaced before is of no use any more */
  async add(path: string, revision: FileRevision, oldest: number): Promise<void> {
    const key = revisionsKey(path);
    const seconds = Math.max(1, Math.ceil((revision.replaced - oldest) / 1000));
    await this.#connection.run(async (redis) =>
      failOnError(
        await redis.multi()
          .lpush(key, JSON.stringify(revision))
          .ltrim(key, 0, MOST_REVISIONS - 1)
          .expire(key, seconds)
          .publish(CHANNELS.file, path)
          .exec(),
      )
    );
  }

  /** @returns how many there were */
  forget(path: string): Promise<number> {
    const key = revisionsKey(path);
    return this.#connection.run(async (redis) => {
      const count = await redis.llen(key);
      await redis.del(key);
      return count;
    });
  }
}

function parse(text: string): FileRevision | null {
  try {
    const { replaced, size, modTime, sha1, sha256, md5 } = JSON.parse(text);
    const times = typeof modTime === "number" || modTime === null;
    const texts = [sha1, sha256, md5].every((hash) => /^[\da-f]*$/.test(hash));
    if (!Number.isSafeInteger(replaced) || !Number.isSafeInteger(size) || !times || !texts) {
      return null;
    }
    return { replaced, size, modTime, sha1, sha256, md5 };
  } catch {
    return null;
  }
}
