import { assert, assertEquals, assertMatch } from "@std/assert";
import { openRedisReader } from "../../lib/store/redis/redis_reader.ts";
import { openRedisStore } from "../../lib/store/redis/redis_store.ts";
import { openRedisTransfer } from "../../lib/store/redis/redis_transfer.ts";
import { never, sampleFile, sampleMirror } from "../store_contract/samples.ts";
import { makeCertificate } from "../support/certificate.ts";
import { RedisServer } from "../support/redis_server.ts";
import { tempDir } from "../support/temp_dir.ts";
import { waitFor } from "../support/wait_for.ts";
import { OtherProgram, redisOptions, shown } from "./redis_helpers.ts";

Deno.test("a user of Redis signs in with its password; another is refused in words", async () => {
  await using server = await RedisServer.start();
  await using other = new OtherProgram(server.port);
  await other.redis.call("ACL", "SETUSER", "app", "on", ">s3cret", "~*", "&*", "+@all");
  await other.redis.call("ACL", "SETUSER", "default", "off");
  const options = redisOptions(server.port, { user: "app", password: "s3cret" });
  await using store = await openRedisStore(options);
  await using reader = await openRedisReader(options);
  assertEquals([store.available, reader.available], [true, true]);
  await store.addMirror(sampleMirror("m"));
  assertEquals(options.log.lines.filter((line) => !line.startsWith("debug")), []);
  const wrong = redisOptions(server.port, { user: "app", password: "wr0ng" });
  await using _refused = await openRedisStore(wrong);
  assertMatch(shown(wrong.log)[0]!, /refuses RedisUser and RedisPassword: WRONGPASS /);
  assert(!wrong.log.lines.join().includes("wr0ng"));
});

Deno.test("what a user may not do is told at the start, and each refusal once", async () => {
  await using server = await RedisServer.start();
  await using other = new OtherProgram(server.port);
  const rules = ["on", ">pw", "~*", "&*", "+@all", "-hgetall", "-publish"];
  await other.redis.call("ACL", "SETUSER", "app", ...rules);
  const options = redisOptions(server.port, { user: "app", password: "pw" });
  await using store = await openRedisStore(options);
  const [atStart] = shown(options.log);
  assertMatch(
    atStart!,
    /^error: Redis at \S+ forbids to the user "app" what is needed: "HGETALL", "PUBLISH"; allow it/,
  );
  for (let i = 0; i < 5; i++) {
    await store.mirrorDownloads([""]).catch(() => {});
    await store.cluster.send("hello").catch(() => {});
  }
  const refusals = shown(options.log).slice(1);
  assertEquals(refusals.length, 2, refusals.join("\n"));
  assertMatch(refusals[0]!, /^error: Redis at \S+ refuses a command \(HGETALL\): NOPERM /);
  assertMatch(refusals[1]!, /^error: Redis at \S+ refuses a command \(PUBLISH\): NOPERM /);
});

Deno.test("keys and channels that a user may not use are told at the start", async () => {
  await using server = await RedisServer.start();
  await using other = new OtherProgram(server.port);
  const rules = [
    "on",
    ">pw",
    "~FILE*",
    "~MIRROR*",
    "resetchannels",
    "&_mirrorbits_cluster",
    "+@all",
  ];
  await other.redis.call("ACL", "SETUSER", "app", ...rules);
  const options = redisOptions(server.port, { user: "app", password: "pw" });
  await using store = await openRedisStore(options);
  const line = shown(options.log).find((one) => one.includes("what is needed"));
  assertMatch(line!, /"SET" of "SCANNING_…"/);
  assertMatch(line!, /"PUBLISH" on "_mirrorbits_file_update"/);
  // Nothing comes again and again.
  for (let i = 0; i < 10; i++) await store.lock("source").catch(() => null);
  await waitFor(() => shown(options.log).some((one) => one.includes("stay unseen")), {
    what: "the connection that listens to be refused",
  });
  const lines = shown(options.log);
  assertEquals(new Set(lines).size, lines.length, lines.join("\n"));
});

Deno.test("a user who may do everything that is needed, and no more, hears nothing", async () => {
  await using server = await RedisServer.start();
  await using other = new OtherProgram(server.port);
  const rules = ["on", ">pw", "~*", "&*", "+@all", "-@dangerous", "+info"];
  await other.redis.call("ACL", "SETUSER", "app", ...rules);
  const options = redisOptions(server.port, { user: "app", password: "pw" });
  await using store = await openRedisStore(options);
  const id = await store.addMirror(sampleMirror("m"));
  await store.updateSource({ changed: [sampleFile("/a")], removed: [] }, never());
  await store.updateCopies(id, { changed: [sampleFile("/a")], removed: [] }, never());
  await (await store.lock("source"))?.[Symbol.asyncDispose]();
  assertEquals(shown(options.log), []);
});

Deno.test("rediss: connections are encrypted, and a server that nobody trusts is refused", async () => {
  await using directory = await tempDir();
  const { file, keyFile } = await makeCertificate(directory.path);
  await using server = await RedisServer.startEncrypted(file, keyFile);
  const tls = { authorities: file };
  const options = redisOptions(server.port, { tls });
  await using store = await openRedisStore(options);
  await using reader = await openRedisReader(options);
  await store.updateSource({ changed: [sampleFile("/a")], removed: [] }, never());
  assertEquals((await reader.lookup("/a"))?.file.path, "/a");
  await using transfer = await openRedisTransfer(options);
  assertEquals(await transfer.isEmpty(), false);
  for (
    const [changes, words] of [
      [{ tls: { authorities: null } }, /certificate|issuer/i],
      [{ tls: { authorities: `${directory.path}/none.pem` } }, /none\.pem/],
      [{}, /is unavailable/],
    ] as const
  ) {
    const wrong = redisOptions(server.port, changes);
    await using refused = await openRedisStore(wrong);
    assertEquals(refused.available, false);
    assertMatch(shown(wrong.log)[0]!, words);
  }
});
