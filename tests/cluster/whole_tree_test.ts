import { assertEquals } from "@std/assert";
import { waitFor } from "../support/wait_for.ts";
import { Cluster } from "./cluster.ts";

Deno.test("one node asks a mirror with the whole tree for what clients of any node want", async () => {
  const files = Array.from({ length: 20 }, (_, i) => `/f${i}`);
  await using cluster = await Cluster.start({ nodes: 3, mirrors: 1, files });
  const { nodes, server } = cluster;
  server.answer = (request) => {
    const path = new URL(request.url).pathname;
    const size = path.replace("/cdn", "").length;
    if (path.includes(".mirrorbits-")) return new Response("", { status: 404 });
    return new Response(null, { headers: { "content-length": `${size}` } });
  };
  await nodes[0]!.daemon.ok(
    ...["add", "-http", `${server.url}cdn/`, "-whole-tree", "-global", "-enabled", "cdn"],
  );
  await cluster.redis.hset("MIRROR_1", "enabled", "false");
  await cluster.redis.publish("_mirrorbits_mirror_update", "1");
  const location = async (node: number, path: string): Promise<string> =>
    (await nodes[node]!.daemon.get(path)).headers.get("location") ?? "none";
  // A file for each node, and each node for every file.
  for (const [i, path] of files.entries()) {
    await waitFor(async () => (await location(i % 3, path)).includes("/cdn/"), {
      what: `${path} to be found`,
      timeout: 60_000,
    });
  }
  for (const node of [0, 1, 2]) {
    await waitFor(
      async () =>
        (await Promise.all(files.map((path) => location(node, path))))
          .every((one) => one.includes("/cdn/")),
      { what: `node ${node} to know all`, timeout: 60_000 },
    );
  }
  const mine = nodes.map(({ daemon }) => daemon.log.split(" has /f").length - 1);
  assertEquals(mine.filter((count) => count > 0), [files.length], "one node has asked");
});
