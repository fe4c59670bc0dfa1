import { assertEquals, assertMatch, assertRejects } from "@std/assert";
import type { IndexedFile } from "../../lib/catalog/file.ts";
import { systemClock } from "../../lib/daemon/system_clock.ts";
import { CounterBuffer } from "../../lib/stats/counter_buffer.ts";
import { FileCache } from "../../lib/store/cache/file_cache.ts";
import { openRedisReader } from "../../lib/store/redis/redis_reader.ts";
import { openRedisStore } from "../../lib/store/redis/redis_store.ts";
import { type Store, type StoreChange, StoreUnavailableError } from "../../lib/store/store.ts";
import { sampleMirror } from "../store_contract/samples.ts";
import { MemoryLog } from "../support/memory_log.ts";
import { recordedAnswers } from "../support/recorded_answers.ts";
import { plainFile } from "../support/plain_file.ts";
import { RedisServer } from "../support/redis_server.ts";
import { ServerProcess } from "../support/server_process.ts";
import { TcpProxy } from "../support/tcp_proxy.ts";
import { tempDir } from "../support/temp_dir.ts";
import { waitFor } from "../support/wait_for.ts";
import { freePort } from "../support/free_port.ts";
import { assertRejectsAtOnce, FILE, OtherProgram, redisOptions, shown } from "./redis_helpers.ts";

const never = new AbortController().signal;
const KNOWN: IndexedFile = { file: FILE, copies: [] };

function counterBuffer(store: Store): CounterBuffer {
  return new CounterBuffer({
    store,
    log: new MemoryLog(),
    clock: systemClock,
    sameDownloadInterval: () => 600,
    interval: 10,
  });
}

function count(counters: CounterBuffer): void {
  counters.add(recordedAnswers({
    batches: [{ day: "2026-11-22", files: new Map([["/a", 1]]), mirrors: new Map() }],
  }));
}

Deno.test("a server without memory is read, counters wait, and it is told once", async () => {
  await using server = await RedisServer.start();
  await using other = new OtherProgram(server.port);
  const options = redisOptions(server.port);
  await using store = await openRedisStore(options);
  await using reader = await openRedisReader(redisOptions(server.port));
  await store.updateSource({ changed: [FILE], removed: [] }, never);
  await using counters = counterBuffer(store);
  await other.redis.config("SET", "maxmemory-policy", "noeviction");
  await other.redis.config("SET", "maxmemory", "1");
  for (let i = 0; i < 20; i++) {
    count(counters);
    await counters.flush();
  }
  await assertRejects(() => store.addMirror(sampleMirror("m")), StoreUnavailableError, "OOM");
  assertEquals(await reader.lookup("/a"), KNOWN);
  assertEquals([store.available, store.trouble], [true, "the store cannot be written"]);
  assertEquals(shown(options.log), [
    `error: Redis at 127.0.0.1:${server.port} refuses to write: OOM command not allowed when used ` +
    "memory > 'maxmemory'; what can be read is served, counters wait",
  ]);
  await other.redis.config("SET", "maxmemory", "0");
  await waitFor(() => counters.empty, { what: "the counters" });
  assertEquals(await store.fileDownloads("/a", [""]), [20]);
  await waitFor(() => shown(options.log).length > 1, { what: "the good news" });
  assertMatch(shown(options.log)[1]!, /^info: Redis at \S+ takes writes again after \d+ s$/);
  assertEquals(store.trouble, null);
});

Deno.test("a server whose disk is full is read, counters wait, and it is told once", async () => {
  await using server = await RedisServer.start("--appendonly", "no", "--save", "3600 1");
  await using other = new OtherProgram(server.port);
  const options = redisOptions(server.port);
  await using store = await openRedisStore(options);
  await store.updateSource({ changed: [FILE], removed: [] }, never);
  const { dir, dbfilename } = {
    dir: (await other.redis.config("GET", "dir") as string[])[1]!,
    dbfilename: "dump.rdb",
  };
  // What a save needs is taken away: its file cannot replace a directory.
  await Deno.mkdir(`${dir}/${dbfilename}/full`, { recursive: true });
  await other.redis.bgsave().catch(() => {});
  await waitFor(
    async () => (await other.redis.info("persistence")).includes("rdb_last_bgsave_status:err"),
    { what: "the save to fail" },
  );
  await using counters = counterBuffer(store);
  count(counters);
  await counters.flush();
  count(counters);
  await counters.flush();
  assertEquals(await store.lookup("/a"), KNOWN);
  assertEquals(shown(options.log).length, 1);
  assertMatch(shown(options.log)[0]!, /refuses to write: MISCONF .*; what can be read is served, /);
  await Deno.remove(`${dir}/${dbfilename}`, { recursive: true });
  await other.redis.bgsave();
  await waitFor(() => counters.empty, { what: "the counters" });
  assertEquals(await store.fileDownloads("/a", [""]), [2]);
  await waitFor(() => shown(options.log).length === 2, { what: "the good news" });
});

Deno.test("a server that loads its data counts as down, and is back once it has loaded", async () => {
  await using directory = await tempDir();
  const port = freePort();
  const arguments_ = ["--port", `${port}`, "--bind", "127.0.0.1", "--dir", directory.path];
  const persist = ["--save", "", "--appendonly", "no"];
  const accepts = async (): Promise<boolean> => {
    using _connection = await Deno.connect({ hostname: "127.0.0.1", port });
    return true;
  };
  await using first = new ServerProcess(["redis-server", ...arguments_, ...persist], accepts);
  await first.start();
  const options = redisOptions(port);
  await using store = await openRedisStore(options);
  await waitFor(() => store.available, { what: "the store" });
  const changed = Array.from({ length: 300 }, (_, i) => ({ ...FILE, path: `/${i}` }));
  await store.updateSource({ changed: [FILE, ...changed], removed: [] }, never);
  {
    await using other = new OtherProgram(port);
    await other.redis.save();
  }
  await first.stop();
  const slow = ["--key-load-delay", "10000", "--loading-process-events-interval-bytes", "1024"];
  await using second = new ServerProcess(
    ["redis-server", ...arguments_, ...persist, ...slow],
    accepts,
  );
  await second.start();
  await waitFor(() => options.log.lines.some((line) => /load(s|ing) /i.test(line)), {
    what: "the loading to be seen",
  });
  assertEquals(store.available, false);
  await assertRejectsAtOnce(() => store.lookup("/a"));
  await waitFor(() => store.available, { what: "the return" });
  assertEquals(await store.lookup("/a"), KNOWN);
  const lines = shown(options.log);
  assertEquals(lines.length, 2, lines.join("\n"));
  assertMatch(lines[0]!, /^error: Redis at \S+ is unavailable: /);
});

Deno.test("a server that comes back without its data is told, and what was remembered is dropped", async () => {
  await using server = await RedisServer.start("--appendonly", "no");
  const options = redisOptions(server.port);
  await using store = await openRedisStore(options);
  await store.addMirror(sampleMirror("m"));
  await store.updateSource({ changed: [FILE], removed: [] }, never);
  const changes: StoreChange["type"][] = [];
  store.watch((change) => changes.push(change.type), never);
  await server.stop();
  await waitFor(() => !store.available, { what: "the outage" });
  await server.start();
  await waitFor(() => changes.includes("missed"), { what: "the return" });
  assertEquals(await store.mirrors(), []);
  assertEquals(await store.lookup("/a"), null);
  assertEquals(await store.addMirror(sampleMirror("m")), 1);
  const lines = shown(options.log);
  assertEquals(lines.length, 3, lines.join("\n"));
  assertMatch(lines[1]!, /^error: Redis at \S+, database 0: It came back without its data: /);
});

Deno.test("a slow server is waited for, one that is too slow is not", async () => {
  await using server = await RedisServer.start();
  await using proxy = new TcpProxy(server.port);
  const timings = { answer: 2_000, connect: 2_000, firstRetry: 20, lastRetry: 50 };
  await using store = await openRedisStore(redisOptions(server.port));
  await store.updateSource({ changed: [FILE], removed: [] }, never);
  const options = redisOptions(proxy.port, { timings });
  await using reader = await openRedisReader(options);
  const cache = new FileCache({ reader, maximumEntries: 10 });
  proxy.delay = 100;
  const answers = await Promise.all([1, 2, 3, 4].map(() => reader.lookup("/a")));
  assertEquals(answers, [KNOWN, KNOWN, KNOWN, KNOWN]);
  assertEquals(plainFile(await cache.load("/a")), KNOWN);
  proxy.delay = 5_000;
  await assertRejects(async () => await reader.lookup("/a"), StoreUnavailableError);
  // Known files are served at once all the same, and nobody waits for what is known to be down.
  assertEquals(plainFile(cache.peek("/a")), KNOWN);
  await waitFor(() => !reader.available, { what: "the outage" });
  await assertRejectsAtOnce(() => reader.lookup("/b"));
  proxy.delay = 0;
  await waitFor(() => reader.available, { what: "the return" });
  assertEquals(await reader.lookup("/b"), null);
});

Deno.test("a password that is changed and changed back is an outage that ends by itself", async () => {
  await using server = await RedisServer.start("--requirepass", "one");
  const options = redisOptions(server.port, { password: "one" });
  await using store = await openRedisStore(options);
  await using other = new OtherProgram(server.port, "one");
  await other.redis.config("SET", "requirepass", "two");
  await other.redis.call("CLIENT", "KILL", "TYPE", "normal");
  await waitFor(() => shown(options.log).some((line) => line.includes("RedisPassword")), {
    what: "the message",
  });
  await using again = new OtherProgram(server.port, "two");
  await waitFor(() => options.log.lines.length > 8, { what: "more attempts" });
  await again.redis.config("SET", "requirepass", "one");
  await waitFor(() => store.available, { what: "the return" });
  const lines = shown(options.log);
  assertEquals(lines.filter((line) => line.includes("refuses the password")).length, 1);
  assertEquals(lines.filter((line) => line.includes("available again")).length, 1);
  assertEquals(lines.join().includes("one"), false);
});

for (const lost of ["request", "answer"] as const) {
  Deno.test(`counters count once when connections break at any ${lost}`, async () => {
    await using server = await RedisServer.start();
    await using proxy = new TcpProxy(server.port);
    await using store = await openRedisStore(redisOptions(proxy.port));
    let counted = 0;
    let breaks = 0;
    let next = 3;
    const disturb = (): void => {
      if (--next > 0) return;
      // A walk over all positions: each connection breaks a little later than the last.
      next = 3 + breaks++ % 17;
      proxy.mode = "closed";
      queueMicrotask(() => proxy.mode = "open");
    };
    if (lost === "request") proxy.onRequest = disturb;
    else proxy.onAnswer = disturb;
    await using counters = counterBuffer(store);
    await waitFor(() => {
      counted++;
      count(counters);
      return breaks > 60;
    }, { what: "connections to break", every: 2 });
    proxy.onRequest = proxy.onAnswer = () => {};
    await waitFor(() => counters.empty, { what: "the counters" });
    await using other = new OtherProgram(server.port);
    assertEquals(await other.redis.get("STATS_TOTAL"), `${counted}`);
    assertEquals(await other.redis.hget("STATS_FILE_2026_11", "/a"), `${counted}`);
  });
}
