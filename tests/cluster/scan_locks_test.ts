import { assert, assertEquals, assertMatch } from "@std/assert";
import { RsyncDaemon } from "../support/rsync_daemon.ts";
import { tempDir } from "../support/temp_dir.ts";
import { waitFor } from "../support/wait_for.ts";
import { Cluster } from "./cluster.ts";

Deno.test("a mirror is scanned by one daemon at a time; the lock of a frozen or killed one frees itself", async (test) => {
  await using tree = await tempDir();
  await Deno.writeTextFile(`${tree.path}/a`, "/a");
  await Deno.utime(`${tree.path}/a`, new Date(2026, 0, 1), new Date(2026, 0, 1));
  await Deno.writeTextFile(`${tree.path}/b`, "only there");
  await using rsyncd = await RsyncDaemon.start({ m: tree.path });
  await using cluster = await Cluster.start({
    nodes: 2,
    mirrors: 2,
    config: { ScanInterval: 600, CheckInterval: 600 },
    mirror: () => ({ rsync: rsyncd.url("m") }),
  });
  const [first, second] = cluster.nodes.map(({ daemon }) => daemon) as [
    typeof cluster.nodes[0]["daemon"],
    typeof cluster.nodes[0]["daemon"],
  ];
  const locked = async (id: number): Promise<boolean> =>
    await cluster.redis.exists(`SCANNING_${id}`) === 1;

  /** Scans on the second daemon as soon as it may. */
  const scanInTime = async (id: number): Promise<void> => {
    // It would take longer to free itself only if somebody kept it.
    assert(await cluster.redis.pttl(`SCANNING_${id}`) <= 10_000);
    await waitFor(() => second.ok("scan", `m${id}`), {
      what: "the lock to free itself",
      every: 300,
    });
  };

  await test.step("two daemons are told to scan the same mirror", async () => {
    Deno.kill(rsyncd.pid, "SIGSTOP");
    const scan = first.cli("scan", "m1");
    await waitFor(() => locked(1), { what: "the lock" });
    const refused = await second.cli("scan", "m1");
    assertEquals(refused.code, 1);
    assertMatch(refused.stderr + refused.stdout, /in progress/);
    Deno.kill(rsyncd.pid, "SIGCONT");
    const { code, stdout } = await scan;
    assertEquals(code, 0, stdout);
    assertMatch(stdout, /2 files indexed, 1 known/);
    assert(!await locked(1));
  });

  await test.step("the one that scans is frozen", async () => {
    Deno.kill(rsyncd.pid, "SIGSTOP");
    const scan = first.cli("scan", "m1");
    await waitFor(() => locked(1), { what: "the lock" });
    first.signal("SIGSTOP");
    try {
      Deno.kill(rsyncd.pid, "SIGCONT");
      await scanInTime(1);
    } finally {
      first.signal("SIGCONT");
    }
    await scan;
    assertEquals((await cluster.redis.smembers("MIRRORFILES_1")).sort(), ["/a", "/b"]);
    assertEquals(await cluster.redis.smembers("HANDLEDFILES_1"), ["/a"]);
    assert(!await locked(1));
  });

  await test.step("the one that scans is killed", async () => {
    Deno.kill(rsyncd.pid, "SIGSTOP");
    let killed = false;
    // Just woken, it may have to reach Redis anew first.
    const scans = (async () => {
      while (!killed) await first.cli("scan", "m2");
    })();
    await waitFor(() => locked(2), { what: "the lock" });
    killed = true;
    await first.stop("SIGKILL");
    await scans;
    Deno.kill(rsyncd.pid, "SIGCONT");
    await scanInTime(2);
    assertEquals((await cluster.redis.smembers("MIRRORFILES_2")).sort(), ["/a", "/b"]);
  });
});
