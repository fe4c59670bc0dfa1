import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { waitFor } from "../support/wait_for.ts";
import { Cluster } from "./cluster.ts";

Deno.test("a daemon tells what it remembers while its Redis is away", async () => {
  await using cluster = await Cluster.start({ nodes: 1, mirrors: 3 });
  const [{ daemon, proxy }] = cluster.nodes as [typeof cluster.nodes[0]];
  await daemon.ok("disable", "m3");
  const list = await daemon.ok("list");
  const counted = await (await daemon.get("/?mirrorstats")).text();
  assertStringIncludes(counted, ">m1<");
  assert(!counted.includes("The store is away"));
  proxy.mode = "silent";
  const mark = /^as of \d\d:\d\d:\d\d UTC, the store is away\n$/;
  await waitFor(async () => mark.test((await daemon.cli("list")).stderr), {
    what: "the daemon to see that Redis is away",
    every: 200,
  });
  const away = await daemon.cli("list");
  assertEquals([away.code, away.stdout], [0, list]);
  const show = await daemon.cli("show", "m1");
  assertEquals(show.code, 0);
  assertMatch(show.stderr, mark);
  assertMatch(show.stdout, /^Name: m1$/m);
  const health = await daemon.cli("health", "-min-up", "2");
  assertEquals(health.code, 1);
  assertMatch(
    health.stdout,
    /^Mirrors: 2 of 2 enabled are up, 1 disabled, as of \d\d:\d\d:\d\d UTC$/m,
  );
  assert(!health.stderr.includes("-min-up"));
  const edit = await daemon.cli("edit", "-set", "Score=1", "m1");
  assertEquals(edit.code, 1);
  assertStringIncludes(edit.stderr, "The store is unavailable");

  const page = await daemon.get("/?mirrorstats");
  assertEquals(page.status, 200);
  assertMatch(
    (await page.text()).replaceAll(/<[^>]*>/g, ""),
    /The store is away: as of \d\d:\d\d:\d\d UTC, downloads (as of|are not known)/,
  );
  const json = await (await daemon.get("/?mirrorstats", { Accept: "application/json" })).json();
  assertMatch(json.AsOf, /^\d{4}-\d\d-\d\dT/);
  assertEquals(json.Mirrors.length, 3);

  proxy.mode = "open";
  await waitFor(async () => (await daemon.cli("list")).stderr === "", {
    what: "the daemon to find Redis again",
    every: 200,
  });
  // Each thread has a connection of its own.
  await waitFor(
    async () => !(await (await daemon.get("/?mirrorstats")).text()).includes("The store is away"),
    { what: "the page to be as of now", every: 200 },
  );
});
