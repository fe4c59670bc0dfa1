import type { RedisConnection } from "./connection.ts";
import { pageReply } from "./reply.ts";

/** Walks over all keys of the database, page by page; Redis may give one twice, and need not give one that came meanwhile. */
export async function* keyPages(connection: RedisConnection): AsyncGenerator<readonly string[]> {
  let cursor = "0";
  do {
    const [next, keys] = await connection.run(async (redis) =>
      pageReply(await redis.scan(cursor, "COUNT", 1_000), cursor)
    );
    yield keys;
    cursor = next;
  } while (cursor !== "0");
}
