import { NEW_MIRROR } from "../../lib/catalog/new_mirror.ts";
import { openRedisStore } from "../../lib/store/redis/redis_store.ts";
import { MemoryLog } from "../support/memory_log.ts";
import { RedisServer } from "../support/redis_server.ts";
import { SlowCommands } from "./slow_commands.ts";

/**
 * Measures how long Redis is kept from everything else by one batch, while the differences of large scans
 * are written and read. Where it may (root), Redis goes before all other programs, so that the longest
 * batch is not one that had to wait for a core.
 *
 * @param paths the files of the source and of a mirror
 * @param say gets a line for each step
 */
export async function measureBatches(
  paths: readonly string[],
  say: (line: string) => void,
): Promise<void> {
  await using server = await RedisServer.start("--appendonly", "no");
  const args = ["-n", "-20", "-p", `${server.pid}`];
  const first = await new Deno.Command("renice", { args, stdout: "null", stderr: "null" }).output();
  const how = first.success ? "" : ", Redis not going first";
  await using store = await openRedisStore({
    address: { hostname: "127.0.0.1", port: server.port },
    password: "",
    db: 0,
    log: new MemoryLog(),
    now: Date.now,
  });
  const slow = await SlowCommands.start(server.port);
  const { signal } = new AbortController();
  const step = async (name: string, work: () => Promise<unknown>): Promise<void> => {
    await slow.reset();
    const start = performance.now();
    await work();
    const seconds = ((performance.now() - start) / 1000).toFixed(1);
    say(`redis, ${name}: ${seconds} s, longest batch ${await slow.longest()}${how}`);
  };
  const copies = paths.map((path, i) => ({ path, size: i, modTime: 1_700_000_000_000 + i }));
  const files = copies.map((copy) => ({ ...copy, sha1: "", sha256: "ab".repeat(32), md5: "" }));
  await step("a source written", () => store.updateSource({ changed: files, removed: [] }, signal));
  const id = await store.addMirror({ ...NEW_MIRROR, name: "m", httpUrl: "http://127.0.0.1:9/" });
  await step(
    "a mirror written",
    () => store.updateCopies(id, { changed: copies, removed: [] }, signal),
  );
  await step("a mirror read", async () => {
    for await (const _ of store.copiesOf(id));
  });
  await step("a source read", async () => {
    for await (const _ of store.sourceFiles());
  });
  await step("no mirror written", () => store.removeMirror(id));
  await step(
    "no source written",
    () => store.updateSource({ changed: [], removed: paths }, signal),
  );
}
