import { assert, assertEquals, assertMatch } from "@std/assert";
import { copyStores } from "../../lib/daemon/store_copy.ts";
import { OtherProgram } from "../store/redis_helpers.ts";
import { makeCertificate } from "../support/certificate.ts";
import { Daemon } from "../support/daemon.ts";
import { freePort } from "../support/free_port.ts";
import { MemoryLog } from "../support/memory_log.ts";
import { RedisServer } from "../support/redis_server.ts";
import { tempDir } from "../support/temp_dir.ts";
import { writeOriginalDatabase } from "./original_database.ts";

/** Runs the program. */
async function run(args: string[], env: Record<string, string> = {}) {
  const [program, ...programArgs] = Daemon.command;
  const { code, stdout, stderr } = await new Deno.Command(program, {
    args: [...programArgs, ...args],
    env: { NO_COLOR: "1", ...env },
    stdin: "null",
  }).output();
  const decoder = new TextDecoder();
  return { code, stdout: decoder.decode(stdout), stderr: decoder.decode(stderr) };
}

Deno.test("store copy moves a database of the original to the embedded store and back", async () => {
  await using server = await RedisServer.start("--requirepass", "s3cret");
  await using other = new OtherProgram(server.port, "s3cret");
  await writeOriginalDatabase(other.redis, {
    mirrors: [1, 3].map((id) => ({ id, name: `m${id}`, http: "http://127.0.0.1:1/" })),
    files: ["/a", "/b c", "/ü"].map((path) => ({ path, size: 1, modTime: 1_700_000_000_000 })),
    counters: [{ day: "2024-05-06", files: { "/a": 4, "/b c": 1 }, mirrors: { 1: [5, 500] } }],
    now: 1_700_000_100_000,
  });
  await other.redis.set("LAST_MID", "7");
  const before = await other.dump();
  await using directory = await tempDir();
  const path = `${directory.path}/copy.db`;
  const url = `redis://:s3cret@127.0.0.1:${server.port}/0`;

  const there = await run(["store", "copy", "-from", url, "-to", path]);
  assertEquals(there, {
    code: 0,
    stdout: `Copying Redis at 127.0.0.1:${server.port}, database 0 to SQLite at ${path}\n` +
      "Copied and checked: 2 mirrors, 3 files, 6 copies, 6 events, 12 counters\n",
    stderr: "",
  });

  const again = await run(["store", "copy", "-from", url, "-to", path]);
  assertEquals(again.code, 1);
  assertMatch(again.stderr, /^error: The target is not empty: SQLite at .*copy\.db; empty it, /);

  await other.redis.flushall();
  const back = await run(
    ["store", "copy", "-from", path, "-to", `redis://127.0.0.1:${server.port}`],
    { MIRRORBITS_REDIS_PASSWORD: "s3cret" },
  );
  assertEquals([back.code, back.stderr], [0, ""]);
  const after = await other.dump();
  assertEquals(Object.keys(after), Object.keys(before));
  for (const [key, value] of Object.entries(before)) {
    // Times come back in UTC and in milliseconds.
    if (/^(FILEINFO_|MIRRORLOGS_)/.test(key)) continue;
    assertEquals(after[key], value, key);
  }
});

Deno.test("store copy signs in as a user, and over TLS", async () => {
  await using directory = await tempDir();
  const { file, keyFile } = await makeCertificate(directory.path);
  await using plain = await RedisServer.start();
  await using other = new OtherProgram(plain.port);
  await other.redis.call("ACL", "SETUSER", "app", "on", ">s3/cret", "~*", "&*", "+@all");
  await writeOriginalDatabase(other.redis, {
    mirrors: [{ id: 1, name: "m1", http: "http://127.0.0.1:1/" }],
    files: [{ path: "/a", size: 1, modTime: 1_700_000_000_000 }],
    counters: [],
    now: 1_700_000_100_000,
  });
  await other.redis.call("ACL", "SETUSER", "default", "off");
  await using encrypted = await RedisServer.startEncrypted(file, keyFile);
  const log = new MemoryLog();
  const copied = await copyStores({
    from: `redis://app:s3%2Fcret@127.0.0.1:${plain.port}`,
    to: `rediss://127.0.0.1:${encrypted.port}`,
    ...{ redisPassword: "", redisCertificates: file, now: Date.now, log },
  });
  assertEquals([copied.mirrors, copied.files], [1, 1]);
  // And from there by an embedded store to another one.
  await using next = await RedisServer.startEncrypted(file, keyFile);
  const urls = [encrypted, next].map(({ port }) => `rediss://127.0.0.1:${port}`);
  const embedded = `${directory.path}/copy.db`;
  for (const [from, to] of [[urls[0]!, embedded], [embedded, urls[1]!]] as const) {
    const trusted = { redisPassword: "", redisCertificates: file, now: Date.now, log };
    const again = await copyStores({ from, to, ...trusted });
    assertEquals([again.mirrors, again.files], [1, 1]);
  }
});

Deno.test("store copy tells what is wrong, without passwords", async () => {
  await using directory = await tempDir();
  const path = `${directory.path}/none.db`;
  const nobody = `redis://:s3cret@127.0.0.1:${freePort()}/0`;
  const cases: [from: string, to: string, message: RegExp][] = [
    [path, `${directory.path}/b.db`, /^There is no store at ".*none\.db"$/],
    [path, path, /^Both stores are the same$/],
    [nobody, path, /^Redis at 127\.0\.0\.1:\d+ is unavailable: connection refused$/],
    [
      "http://:s3cret@h/0",
      path,
      /^Not the URL of a store: "http:\/\/:\*\*\*@h\/0", not redis:/,
    ],
    ["redis://me:s3cret%@h/0", path, /^Not the URL of a store: "redis:\/\/me:\*\*\*@h\/0"/],
    ["redis://h/zero", path, /^Not the URL of a store: "redis:\/\/h\/zero"/],
  ];
  for (const [from, to, message] of cases) {
    const options = {
      from,
      to,
      redisPassword: "",
      redisCertificates: "",
      now: Date.now,
      log: new MemoryLog(),
    };
    const error = await copyStores(options).then(() => null, (error: Error) => error);
    assert(error !== null, from);
    assertMatch(error.message, message);
    assert(!error.message.includes("s3cret"));
  }
  const usage = await run(["store", "move"]);
  assertEquals(usage.code, 2);
  assertMatch(usage.stderr, /Unknown action: "move"/);
});
