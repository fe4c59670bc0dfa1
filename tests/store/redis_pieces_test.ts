import { assert, assertEquals, assertRejects } from "@std/assert";
import { type PieceRecord, ZSYNC_PART, zsyncBlock } from "../../lib/catalog/zsync_sums.ts";
import { openRedisStore } from "../../lib/store/redis/redis_store.ts";
import { RedisServer } from "../support/redis_server.ts";
import { waitFor } from "../support/wait_for.ts";
import { OtherProgram, redisOptions } from "./redis_helpers.ts";

const PARTS = 30;
const UNFINISHED = "MIRRORBITS_UNFINISHED_*";

/** A file with so many sums that they are written in steps. */
function record(path: string, fill: number): PieceRecord {
  const sums = new Uint8Array(PARTS * ZSYNC_PART).fill(fill);
  const size = Math.floor(64 * 1024 * (sums.length / 20));
  const zsync = { block: zsyncBlock(size), sha1: `${fill}`.repeat(40), sums };
  const length = 16_777_216;
  const sha1 = new Uint8Array(20 * Math.ceil(size / length));
  return { path, size, modTime: fill, sha256: "", length, sha1, root: null, layer: null, zsync };
}

Deno.test("what zsync needs stays for good, and what it was written under does not", async () => {
  await using server = await RedisServer.start();
  await using store = await openRedisStore(redisOptions(server.port));
  await using other = new OtherProgram(server.port);
  await store.putPieces(record("/a", 1));
  await store.putPieces(record("/a", 2));
  assertEquals(await other.redis.keys(UNFINISHED), []);
  assertEquals(await other.redis.ttl("MIRRORBITS_ZSYNC_/a"), -1);
  assertEquals(await other.redis.hlen("MIRRORBITS_ZSYNC_/a"), PARTS + 5);
});

Deno.test("a write that was cut short leaves nothing that is served, and expires", async () => {
  await using server = await RedisServer.start();
  await using other = new OtherProgram(server.port);
  const options = redisOptions(server.port);
  {
    await using store = await openRedisStore(options);
    await store.putPieces(record("/a", 1));
    const writing = store.putPieces(record("/a", 2));
    writing.catch(() => {});
    await waitFor(async () => (await other.redis.keys(UNFINISHED)).length === 1, {
      what: "a part to be written",
    });
    await store[Symbol.asyncDispose]();
    await assertRejects(() => writing);
  }
  const [key] = await other.redis.keys(UNFINISHED);
  const left = await other.redis.ttl(key!);
  assert(left > 0 && left <= 600, `${left}`);
  await using store = await openRedisStore(options);
  assertEquals((await store.zsyncHead("/a"))!.modTime, 1);
  assertEquals((await store.pieceHashes("/a"))!.modTime, 1);
});

Deno.test("sums of which some went missing meanwhile are not served", async () => {
  await using server = await RedisServer.start();
  await using other = new OtherProgram(server.port);
  await using store = await openRedisStore(redisOptions(server.port));
  const writing = store.putPieces(record("/a", 1));
  writing.catch(() => {});
  await waitFor(async () => {
    const [key] = await other.redis.keys(UNFINISHED);
    return key !== undefined && await other.redis.hdel(key, "sha1") === 1;
  }, { what: "a part to be written" });
  await assertRejects(() => writing, Error, "not whole");
  assertEquals([await store.zsyncHead("/a"), await store.pieceHashes("/a")], [null, null]);
});
