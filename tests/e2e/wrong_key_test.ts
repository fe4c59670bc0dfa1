import { assertEquals } from "@std/assert";
import { OtherProgram } from "../store/redis_helpers.ts";
import { Daemon } from "../support/daemon.ts";
import { RedisServer } from "../support/redis_server.ts";
import { RsyncDaemon } from "../support/rsync_daemon.ts";
import { tempDir } from "../support/temp_dir.ts";
import { waitFor } from "../support/wait_for.ts";
import { writeFile } from "./sample.ts";

Deno.test("a key of another type is one warning of all threads, and the rest goes on", async () => {
  await using directory = await tempDir();
  const repository = `${directory.path}/repository`;
  const files = ["/one.bin", "/two.bin"];
  for (const path of files) await writeFile(repository, path);
  await using redis = await RedisServer.start();
  await using other = new OtherProgram(redis.port);
  await using rsyncd = await RsyncDaemon.start({ mod: repository });
  await using daemon = new Daemon({
    directory: directory.path,
    config: { Repository: repository, RedisAddress: `127.0.0.1:${redis.port}`, Workers: 2 },
  });
  await daemon.start();
  await daemon.ok("refresh");
  await daemon.ok("add", "-http", "http://127.0.0.1:9/", "-rsync", rsyncd.url("mod"), "one");
  await daemon.ok("scan", "one");
  for (const key of ["FILEINFO_1_/one.bin", "HANDLEDFILES_1", "MIRRORLOGS_1"]) {
    await other.redis.del(key);
    await other.redis.set(key, "x");
  }
  // The threads look files up, the control thread scans.
  for (const path of files) await daemon.get(`${path}?mirrorlist`);
  assertEquals((await daemon.ok("scan", "one")).includes("2 files indexed"), true);
  assertEquals((await daemon.get("/two.bin?sha256")).status, 200);
  const warned = (key: string): number =>
    daemon.log.split("\n").filter((line) => line.includes(`The key "${key}" in Redis`)).length;
  await waitFor(() => warned("FILEINFO_1_/one.bin") > 0, { what: "the warning" });
  for (const key of ["FILEINFO_1_/one.bin", "HANDLEDFILES_1", "MIRRORLOGS_1"]) {
    assertEquals(warned(key), 1, `${key}: ${daemon.log}`);
  }
  assertEquals((await daemon.get("/?healthz")).status, 200);
});
