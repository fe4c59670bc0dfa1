import { assert, assertEquals, assertMatch } from "@std/assert";
import { Daemon } from "../support/daemon.ts";
import { RedisServer } from "../support/redis_server.ts";
import { tempDir } from "../support/temp_dir.ts";
import { waitFor } from "../support/wait_for.ts";
import { FILES, MIRROR_NAMES, PLACES, Sample } from "./sample.ts";

const FILE = "/pool/1/file-1.tar.gz";

/** Downloads of one file today, as the command line tells them. */
async function downloads(daemon: Daemon): Promise<number> {
  const told = await daemon.ok("stats", "file", "file-1\\.tar\\.gz$");
  return Number(/file-1\.tar\.gz\D+(\d+)/.exec(told)?.[1] ?? 0);
}

/** Where clients of each country are sent for each file. */
async function answers(daemon: Daemon): Promise<string[]> {
  const all: string[] = [];
  for (const path of FILES) {
    const encoded = path.split("/").map(encodeURIComponent).join("/");
    for (const { client } of Object.values(PLACES)) {
      const response = await daemon.get(encoded, { "X-Forwarded-For": client });
      all.push(`${path} ${client} ${response.status} ${response.headers.get("location")}`);
    }
  }
  return all;
}

Deno.test("a backup taken under load restores to the same answers and counters", async (t) => {
  await using sample = await Sample.start("embedded", { Workers: 2 });
  const { daemon, directory } = sample;
  const config = ["-config", `${directory}/mirrorbits.conf`];
  const backup = `${directory}/backup.db`;
  let stopped = false;
  let asked = 0;
  const crowd = Promise.all(Array.from({ length: 4 }, async () => {
    while (!stopped) {
      await daemon.get(FILE, { "X-Forwarded-For": PLACES.nl.client, "User-Agent": `a${asked++}` });
    }
  }));
  // Whatever fails first is the thing to tell.
  crowd.catch(() => {});
  const before = await answers(daemon);
  await waitFor(() => asked > 200, { what: "some load" });
  const least = await downloads(daemon);
  const said = await daemon.ok("store", "backup", ...config, backup);
  assertMatch(said, /^Copied and checked: .*mirrorbits\.db, [\d.]+ KiB, to .*backup\.db\n$/);
  const most = asked + 4 + before.length;
  stopped = true;
  await crowd;

  await t.step("the file is for its owner, and never replaced", async () => {
    assertEquals(Deno.statSync(backup).mode! & 0o777, 0o600);
    const again = await daemon.cli("store", "backup", ...config, backup);
    assertEquals([again.code, again.stdout], [1, ""]);
    assertMatch(again.stderr, /^error: ".*backup\.db" is there already/);
    const nowhere = await daemon.cli("store", "backup", ...config, `${directory}/none/x.db`);
    assertMatch(nowhere.stderr, /^error: Cannot write ".*none\/x\.db\.partial"/);
    assertEquals([...Deno.readDirSync(directory)].filter(({ name }) => /partial/.test(name)), []);
  });

  await t.step("what is in it", async () => {
    await using place = await tempDir("mirrorbits-restored-");
    await Deno.copyFile(backup, `${place.path}/mirrorbits.db`);
    await using restored = new Daemon({
      directory: place.path,
      config: { Repository: sample.repository, CheckInterval: 0, SameDownloadInterval: 600 },
    });
    await restored.start();
    assertEquals(await restored.ok("export", "yaml"), await daemon.ok("export", "yaml"));
    assertEquals(await answers(restored), before);
    const counted = await downloads(restored);
    assert(counted >= least && counted <= most, `${least} <= ${counted} <= ${most}`);
  });

  await t.step("at rest, the counters are the very same", async () => {
    const quiet = `${directory}/quiet.db`;
    let [last, now] = [-1, -2];
    await waitFor(async () => {
      [last, now] = [now, await downloads(daemon)];
      return now === last && now > 0;
    }, { what: "all downloads to be counted", every: 1_500 });
    await daemon.ok("store", "backup", ...config, quiet);
    await using place = await tempDir("mirrorbits-restored-");
    await Deno.copyFile(quiet, `${place.path}/mirrorbits.db`);
    await using restored = new Daemon({
      directory: place.path,
      config: { Repository: sample.repository },
    });
    await restored.start();
    for (const name of MIRROR_NAMES) {
      const stats = ["stats", "mirror", name];
      assertEquals(await restored.ok(...stats), await daemon.ok(...stats));
    }
    assertEquals(await downloads(restored), now);
  });

  await t.step("check finds damage, and nothing where there is none", async () => {
    assertMatch(
      await daemon.ok("store", "check", ...config),
      /mirrorbits\.db: no damage was found/,
    );
    assertMatch(await daemon.ok("store", "check", backup), /backup\.db: no damage was found/);
    const size = Deno.statSync(backup).size;
    {
      using file = Deno.openSync(backup, { write: true });
      // The pages behind the first ones hold tables and indexes.
      file.seekSync(4096 * 3, Deno.SeekMode.Start);
      file.writeSync(new Uint8Array(Math.min(size - 4096 * 4, 4096 * 20)).fill(0x5a));
    }
    const { code, stderr } = await daemon.cli("store", "check", backup);
    assertEquals(code, 1);
    assertMatch(stderr, /^error: /);
    const none = await daemon.cli("store", "check", `${directory}/nothing.db`);
    assertEquals(none.code, 1);
    const text = await daemon.cli("store", "check", `${directory}/mirrorbits.conf`);
    assertMatch(text.stderr, /is no SQLite database/);
  });
});

Deno.test("a Redis says how it is backed up and checked", async () => {
  await using redis = await RedisServer.start();
  await using directory = await tempDir();
  const file = `${directory.path}/m.conf`;
  const text = `Repository: /tmp\nRedisAddress: 127.0.0.1:${redis.port}\n`;
  await Deno.writeTextFile(file, text);
  const daemon = new Daemon({ directory: directory.path, config: {} });
  const backup = await daemon.cli("store", "backup", "-config", file, `${directory.path}/x`);
  assertEquals([backup.code, backup.stdout], [1, ""]);
  assertMatch(backup.stderr, /^error: The store is a Redis.*\nhint: .*redis-cli --rdb/);
  const check = await daemon.cli("store", "check", "-config", file);
  assertMatch(check.stderr, /^error: The store is a Redis.*\nhint: .*redis-check-rdb/);
});
