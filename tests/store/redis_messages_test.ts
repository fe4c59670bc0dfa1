import { systemClock } from "../../lib/daemon/system_clock.ts";
import { NEW_MIRROR } from "../../lib/catalog/settings/new_mirror.ts";
import { assert, assertEquals } from "@std/assert";
import { ChangeFeed } from "../../lib/store/redis/change_feed.ts";
import { openRedisStore } from "../../lib/store/redis/redis_store.ts";
import type { StoreChange } from "../../lib/store/store.ts";
import { MemoryLog } from "../support/memory_log.ts";
import { RedisServer } from "../support/redis_server.ts";
import { waitFor } from "../support/wait_for.ts";
import { OtherProgram, redisOptions } from "./redis_helpers.ts";

const never = new AbortController().signal;

Deno.test("messages of other programs are obeyed, those that make no sense dropped", async () => {
  await using server = await RedisServer.start();
  await using store = await openRedisStore(redisOptions(server.port));
  await using other = new OtherProgram(server.port);
  const changes: StoreChange[] = [];
  store.watch((change) => changes.push(change), never);
  await other.redis.publish("_mirrorbits_mirror_update", "m1");
  await other.redis.publish("_mirrorbits_mirror_file_update", "nonsense");
  await other.redis.publish("_mirrorbits_mirror_file_update", "x /a");
  await other.redis.publish("_mirrorbits_file_update", "/a b/ü.iso");
  await other.redis.publish("_mirrorbits_mirror_update", "12");
  await other.redis.publish("_mirrorbits_mirror_file_update", "12 /a b/ü.iso");
  await waitFor(() => changes.some((change) => change.type === "copies"), { what: "the messages" });
  const byType = (type: string): StoreChange[] => changes.filter((change) => change.type === type);
  assertEquals(byType("files"), [{ type: "files", paths: ["/a b/ü.iso"] }]);
  assertEquals(byType("mirror"), [{ type: "mirror", id: 12 }]);
  assertEquals(byType("copies"), [{ type: "copies", mirrorId: 12, paths: ["/a b/ü.iso"] }]);
  assertEquals(changes.length, 3);
});

Deno.test("other programs get a message for each change", async () => {
  await using server = await RedisServer.start();
  await using store = await openRedisStore(redisOptions(server.port));
  await using other = new OtherProgram(server.port);
  const messages: string[] = [];
  other.redis.on("message", (channel, message) => messages.push(`${channel} ${message}`));
  await other.redis.subscribe(
    "_mirrorbits_cluster",
    "_mirrorbits_file_update",
    "_mirrorbits_mirror_update",
    "_mirrorbits_mirror_file_update",
  );
  const file = { path: "/a b", size: 1, modTime: null, sha1: "", sha256: "", md5: "" };
  await other.redis.ping();
  const id = await store.addMirror({
    ...NEW_MIRROR,
    name: "m",
    httpUrl: "http://m/",
  });
  await store.updateMirrorState(id, { httpUp: true });
  await store.updateSource({ changed: [file], removed: ["/never there"] }, never);
  await store.updateCopies(id, { changed: [file], removed: ["/never there"] }, never);
  await store.updateSource({ changed: [], removed: ["/a b"] }, never);
  await store.enableMirror(id, true);
  await store.cluster.send("HELLO0 host-12345");
  await store.removeMirror(id);
  const expected = [
    "_mirrorbits_mirror_update 1",
    "_mirrorbits_mirror_update 1",
    "_mirrorbits_file_update /a b",
    "_mirrorbits_mirror_file_update 1 /a b",
    "_mirrorbits_file_update /a b",
    "_mirrorbits_mirror_update 1",
    "_mirrorbits_cluster HELLO0 host-12345",
    "_mirrorbits_mirror_update 1",
    "_mirrorbits_mirror_file_update 1 /a b",
    "_mirrorbits_mirror_update 1",
  ];
  await waitFor(() => messages.length >= expected.length, { what: "the messages" });
  assertEquals(messages, expected);
});

Deno.test("ChangeFeed gathers messages in quick succession into one change with many paths", async () => {
  using feed = new ChangeFeed(1, new MemoryLog(), systemClock);
  const changes: StoreChange[] = [];
  feed.watch((change) => changes.push(change), never);
  for (let i = 0; i < 1000; i++) {
    feed.receive("_mirrorbits_file_update", `/${i % 500}`);
    feed.receive("_mirrorbits_mirror_file_update", `${i % 2} /${i}`);
    feed.receive("_mirrorbits_mirror_update", "7");
  }
  assertEquals(changes, []);
  await waitFor(() => changes.length > 0, { what: "the changes" });
  assertEquals(
    changes.map((change) => [change.type, "paths" in change ? change.paths.length : 0]),
    [["mirror", 0], ["files", 500], ["copies", 500], ["copies", 500]],
  );
});

Deno.test("ChangeFeed lets no change grow without bounds", () => {
  using feed = new ChangeFeed(60_000, new MemoryLog(), systemClock);
  let told = 0;
  feed.watch((change) => {
    assert(change.type === "files" && change.paths.length <= 5_000);
    told += change.paths.length;
  }, never);
  for (let i = 0; i < 12_000; i++) feed.receive("_mirrorbits_file_update", `/${i}`);
  assertEquals(told, 10_000);
});

Deno.test("ChangeFeed tells what it gathered before a change that cannot wait", () => {
  using feed = new ChangeFeed(60_000, new MemoryLog(), systemClock);
  const types: string[] = [];
  feed.watch((change) => types.push(change.type), never);
  feed.receive("_mirrorbits_file_update", "/a");
  feed.tell({ type: "missed" });
  assertEquals(types, ["files", "missed"]);
});

Deno.test("ChangeFeed goes on when a listener fails", () => {
  const log = new MemoryLog();
  using feed = new ChangeFeed(60_000, log, systemClock);
  const types: string[] = [];
  feed.watch(() => {
    throw new Error("Oops");
  }, never);
  feed.watch((change) => types.push(change.type), never);
  feed.tell({ type: "missed" });
  assertEquals(types, ["missed"]);
  assertEquals(log.lines, ["error: A listener to changes in the store failed: Oops"]);
});
