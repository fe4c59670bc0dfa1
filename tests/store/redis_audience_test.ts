import { assert, assertEquals, assertRejects } from "@std/assert";
import type { StoreChange } from "../../lib/store/store.ts";
import { NEW_MIRROR } from "../../lib/catalog/settings/new_mirror.ts";
import { UNHEARD } from "../../lib/store/redis/script_parts.ts";
import { type PathsChange, writeAndTell } from "../../lib/store/redis/audience.ts";
import { openRedisStore, type RedisStore } from "../../lib/store/redis/redis_store.ts";
import { sampleFile } from "../store_contract/samples.ts";
import { RedisServer } from "../support/redis_server.ts";
import { waitFor } from "../support/wait_for.ts";
import { OtherProgram, redisOptions } from "./redis_helpers.ts";

const FILE = "_mirrorbits_file_update";
const never = new AbortController().signal;
const files = Array.from({ length: 250 }, (_, i) => sampleFile(`/pool/ü ${i}`));
const paths = files.map(({ path }) => path);

/** How many messages a server was given, those of scripts included. */
async function published({ redis }: OtherProgram): Promise<number> {
  return Number(/cmdstat_publish:calls=(\d+)/.exec(await redis.info("commandstats"))?.[1] ?? 0);
}

/** Another program that listens. */
async function listener(
  port: number,
  listen: (redis: OtherProgram["redis"]) => Promise<unknown>,
): Promise<OtherProgram> {
  const program = new OtherProgram(port);
  await listen(program.redis);
  return program;
}

/** Writes files to the source and a mirror, removes both, and expects that the store tells of it. */
async function writeAll(store: RedisStore): Promise<void> {
  let told = new Set<string>();
  const ended = new AbortController();
  store.watch((change) => {
    if (!("paths" in change)) return;
    for (const path of change.paths) told.add(`${change.type} ${path}`);
  }, ended.signal);
  const tells = async (type: PathsChange["type"], write: Promise<unknown>): Promise<void> => {
    await write;
    await waitFor(() => told.size >= paths.length, { what: "the changes" });
    assertEquals(told, new Set(paths.map((path) => `${type} ${path}`)));
    told = new Set();
  };
  const id = await store.addMirror({ ...NEW_MIRROR, name: "m", httpUrl: "http://m/" });
  await tells("files", store.updateSource({ changed: files, removed: [] }, never));
  await tells("copies", store.updateCopies(id, { changed: files, removed: [] }, never));
  await tells("copies", store.updateCopies(id, { changed: [], removed: paths }, never));
  await tells("files", store.updateSource({ changed: [], removed: paths }, never));
  ended.abort();
}

Deno.test("what only this node would hear of is told, and not published", async () => {
  await using server = await RedisServer.start();
  await using other = new OtherProgram(server.port);
  await using store = await openRedisStore(redisOptions(server.port));
  await writeAll(store);
  assert(await published(other) < 10);
});

Deno.test("what this node wrote itself is told with what it is, unless somebody else may have, too", async () => {
  await using server = await RedisServer.start();
  await using other = new OtherProgram(server.port);
  const options = redisOptions(server.port);
  // All of it is one change, until the connection is lost.
  const timings = { ...options.timings, gather: 600_000 };
  await using store = await openRedisStore({ ...options, timings });
  const changes: StoreChange[] = [];
  store.watch((change) => {
    if (change.type === "files") changes.push(change);
  }, never);
  const [a, b, c] = [sampleFile("/a"), sampleFile("/b"), sampleFile("/c")];
  await other.redis.set("FILE_/d", "another type");
  await store.updateSource({ changed: [a, b, c], removed: [] }, never);
  await other.redis.publish(FILE, "/b");
  // Another connection: only a message that came back says that the one before did.
  const heard = Promise.withResolvers<void>();
  store.cluster.listen(() => heard.resolve(), never);
  await store.cluster.send("hello");
  await heard.promise;
  const newer = { ...a, size: 7, firstSeen: 5 };
  await store.updateSource({ changed: [newer, b], removed: ["/c"] }, never);
  await store.updateSource({ changed: [sampleFile("/d")], removed: [] }, never);
  assertEquals(changes, []);
  await other.redis.call("CLIENT", "KILL", "TYPE", "pubsub");
  await waitFor(() => changes.length >= 2, { what: "the changes" });
  assertEquals(changes, [
    { type: "files", paths: ["/a", "/c"], now: [newer] },
    { type: "files", paths: ["/b", "/d"] },
  ]);
});

Deno.test("files are published as soon as anybody else listens, and as long", async () => {
  await using server = await RedisServer.start();
  await using other = new OtherProgram(server.port);
  await using store = await openRedisStore(redisOptions(server.port));
  const write = (): Promise<void> => store.updateSource({ changed: files, removed: [] }, never);
  for (
    const listen of [
      () => listener(server.port, (redis) => redis.subscribe(FILE)),
      () => listener(server.port, (redis) => redis.psubscribe("_mirror*")),
      () => openRedisStore(redisOptions(server.port)),
    ]
  ) {
    const before = await published(other);
    await using _listener = await listen();
    await write();
    assertEquals(await published(other), before + files.length);
  }
});

Deno.test("files are published where a replica may have listeners", async () => {
  await using server = await RedisServer.start("--repl-diskless-sync-delay", "0");
  await using other = new OtherProgram(server.port);
  await using store = await openRedisStore(redisOptions(server.port));
  await using replica = await RedisServer.start("--replicaof", "127.0.0.1", `${server.port}`);
  await using there = new OtherProgram(replica.port);
  await waitFor(async () => (await there.redis.info("replication")).includes("link_status:up"), {
    what: "the replica",
  });
  const heard: string[] = [];
  there.redis.on("message", (_, message) => heard.push(message));
  await there.redis.subscribe(FILE);
  await store.updateSource({ changed: files, removed: [] }, never);
  assertEquals(await published(other), files.length);
  await waitFor(() => heard.length === files.length, { what: "the messages" });
});

Deno.test("files are published where the user may not count listeners", async () => {
  await using server = await RedisServer.start();
  await using other = new OtherProgram(server.port);
  await other.redis.call("ACL", "SETUSER", "default", "-pubsub");
  await using store = await openRedisStore(redisOptions(server.port));
  await writeAll(store);
  assertEquals(await published(other) >= 4 * files.length, true);
});

Deno.test("a subscription that may not have a channel of its own is used all the same", async () => {
  await using server = await RedisServer.start();
  await using other = new OtherProgram(server.port);
  await other.redis.call(
    ...["ACL", "SETUSER", "default", "resetchannels", "&_mirrorbits_*update", "&*cluster"] as const,
  );
  await using store = await openRedisStore(redisOptions(server.port));
  await writeAll(store);
  assertEquals(await published(other) >= 4 * files.length, true);
});

Deno.test("writeAndTell() tells what may have been written when no answer came", async () => {
  const told: PathsChange[] = [];
  const audience = { ownChannel: "", tell: (change: PathsChange) => told.push(change) };
  const change: PathsChange = { type: "files", paths: ["/a"] };
  for (const answer of [0, 1]) {
    assertEquals(await writeAndTell(audience, () => change, () => Promise.resolve(answer)), answer);
  }
  assertEquals(told, []);
  await writeAndTell(audience, () => change, () => Promise.resolve(UNHEARD));
  assertEquals(told, [change]);
  const lost = (): Promise<never> => Promise.reject(new Error("lost"));
  await assertRejects(() => writeAndTell(audience, () => change, lost), Error, "lost");
  assertEquals(told, [change, change]);
});
