import { assert, assertEquals } from "@std/assert";
import { openRedisStore, type RedisStore } from "../../lib/store/redis/redis_store.ts";
import { sampleFile } from "../store_contract/samples.ts";
import { RedisServer } from "../support/redis_server.ts";
import { waitFor } from "../support/wait_for.ts";
import { OtherProgram, redisOptions } from "./redis_helpers.ts";

const MIRRORS = 100;
const never = new AbortController().signal;
const files = Array.from({ length: 50 }, (_, i) => sampleFile(`/pool/ü ${i}`));
const paths = files.map(({ path }) => path);

/** How many scripts a server was asked to run. */
async function scripts({ redis }: OtherProgram): Promise<number> {
  return Number(/cmdstat_evalsha:calls=(\d+)/.exec(await redis.info("commandstats"))?.[1] ?? 0);
}

/** The paths of which a store tells within some work. */
async function told(store: RedisStore, work: () => Promise<unknown>): Promise<Set<string>> {
  const seen = new Set<string>();
  const ended = new AbortController();
  store.watch((change) => {
    if (change.type === "files") change.paths.forEach((path) => seen.add(path));
  }, ended.signal);
  await work();
  await waitFor(() => seen.size >= paths.length, { what: "the changes" });
  ended.abort();
  return seen;
}

Deno.test("source files that many mirrors carry are written and removed a few at a time", async () => {
  await using server = await RedisServer.start();
  await using store = await openRedisStore(redisOptions(server.port));
  await using other = new OtherProgram(server.port);
  const ids = Array.from({ length: MIRRORS }, (_, i) => `${i + 1}`);
  for (const path of paths) await other.redis.sadd(`FILEMIRRORS_${path}`, ...ids);
  const shared = (): Promise<number[]> =>
    Promise.all(ids.map((id) => other.redis.scard(`HANDLEDFILES_${id}`)));
  // Fewer scripts would each write more than 500 of these 5 000 files of mirrors.
  const few = paths.length * MIRRORS / 500;

  const before = await scripts(other);
  const written = await told(
    store,
    () => store.updateSource({ changed: files, removed: [] }, never),
  );
  assertEquals(written, new Set(paths));
  assertEquals(await store.countFiles(), files.length);
  assertEquals(await shared(), ids.map(() => files.length));
  const between = await scripts(other);
  assert(between - before >= few, `${between - before} scripts`);

  const removed = await told(
    store,
    () => store.updateSource({ changed: [], removed: paths }, never),
  );
  assertEquals(removed, new Set(paths));
  assertEquals(await store.countFiles(), 0);
  assertEquals(await shared(), ids.map(() => 0));
  const after = await scripts(other);
  assert(after - between >= few, `${after - between} scripts`);
});

Deno.test("a server whose HSET takes one field, and which has no UNLINK, is served as well", async () => {
  // Redis 3.2 refuses what is asked of these commands; here they are not there at all.
  await using server = await RedisServer.start(
    ...["--rename-command", "HSET", "", "--rename-command", "UNLINK", ""],
  );
  await using store = await openRedisStore(redisOptions(server.port));
  await using other = new OtherProgram(server.port);
  await other.redis.hmset("MIRRORS", { 1: "m" });
  await other.redis.hmset("MIRROR_1", { ID: "1", name: "m", http: "http://m/" });
  await other.redis.sadd("MIRRORFILESTMP_1", ...paths);
  await store.updateSource({ changed: files, removed: [] }, never);
  assertEquals(await store.updateCopies(1, { changed: files, removed: [] }, never), files.length);
  const { path, size, modTime } = files[7]!;
  assertEquals((await store.lookup(path))?.file, files[7]!);
  assertEquals((await store.lookup(path))?.copies, [{ mirrorId: 1, size, modTime }]);
  await store.removeMirror(1);
  await store.updateSource({ changed: [], removed: paths }, never);
  assertEquals(await other.dump(), { MIRRORBITS_DB_VERSION: "2" });
});
