import { assert, assertEquals } from "@std/assert";
import { waitFor } from "../support/wait_for.ts";
import { Cluster } from "./cluster.ts";

const MIRRORS = 7;

/** Sizes of the parts, sorted. */
function sizes(parts: readonly string[][]): number[] {
  return parts.map((part) => part.length).sort();
}

Deno.test("three daemons divide the mirrors without gaps, whatever becomes of one", async (test) => {
  await using cluster = await Cluster.start({ nodes: 3, mirrors: MIRRORS });
  const [first, second, third] = cluster.nodes as [
    typeof cluster.nodes[0],
    typeof cluster.nodes[0],
    typeof cluster.nodes[0],
  ];

  await test.step("all three are there", async () => {
    const parts = await cluster.waitForDivision(cluster.nodes, MIRRORS, "three nodes");
    assertEquals(sizes(parts), [2, 2, 3]);
    // Ranges of IDs, in the order of the nodes' names.
    for (const part of parts) {
      const ids = part.map((name) => Number(name.slice(1)));
      assertEquals(ids.at(-1)! - ids[0]!, ids.length - 1, part.join());
    }
  });

  await test.step("one is frozen, and wakes up", async () => {
    first.daemon.signal("SIGSTOP");
    try {
      const parts = await cluster.waitForDivision([second, third], MIRRORS, "two nodes");
      assertEquals(sizes(parts), [3, 4]);
    } finally {
      first.daemon.signal("SIGCONT");
    }
    const parts = await cluster.waitForDivision(cluster.nodes, MIRRORS, "three nodes again");
    assertEquals(sizes(parts), [2, 2, 3]);
  });

  await test.step("one is cut off from Redis, and comes back", async () => {
    second.proxy.mode = "silent";
    const parts = await cluster.waitForDivision([first, third], MIRRORS, "two nodes");
    assertEquals(sizes(parts), [3, 4]);
    // It serves what it knows all the same.
    assert((await second.daemon.get("/a?mirrorlist")).status < 600);
    second.proxy.mode = "open";
    const again = await cluster.waitForDivision(cluster.nodes, MIRRORS, "three nodes again");
    assertEquals(sizes(again), [2, 2, 3]);
    const { log } = second.daemon;
    assertEquals(log.match(/ Error: Redis at \S+ is unavailable: /g)?.length, 1);
    assertEquals(log.match(/ Redis at \S+ is available again after \d+ s/g)?.length, 1);
  });

  await test.step("one is killed", async () => {
    await third.daemon.stop("SIGKILL");
    const parts = await cluster.waitForDivision([first, second], MIRRORS, "two nodes");
    assertEquals(sizes(parts), [3, 4]);
  });

  await test.step("one leaves", async () => {
    assertEquals(await second.daemon.stop("SIGTERM"), 0);
    assertEquals(sizes(await cluster.waitForDivision([first], MIRRORS, "one node")), [MIRRORS]);
  });
});

Deno.test("a daemon shares the mirrors with a node of another make", async () => {
  await using cluster = await Cluster.start({ nodes: 1, mirrors: MIRRORS });
  const [node] = cluster.nodes;
  assertEquals(
    sizes(await cluster.waitForDivision(cluster.nodes, MIRRORS, "one node")),
    [MIRRORS],
  );
  // It sorts first: it has the first half, which nobody checks here.
  const other = setInterval(() => {
    cluster.redis.publish("_mirrorbits_cluster", "HELLO0 a-12345").catch(() => {});
    cluster.redis.publish("_mirrorbits_cluster", "HELLO1 other-database-12345").catch(() => {});
  }, 500);
  try {
    const checks = (): string => node!.daemon.log;
    await waitFor(async () => {
      const start = checks().length;
      const end = performance.now() + 2_500;
      await waitFor(() => performance.now() > end, { what: "some rounds" });
      const seen = new Set(
        [...checks().slice(start).matchAll(/Health check of (\S+) \(/g)].map((match) => match[1]),
      );
      return [...seen].sort().join() === "m5,m6,m7";
    }, { what: "the second half to be checked" });
  } finally {
    clearInterval(other);
  }
});
