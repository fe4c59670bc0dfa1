import { assert, assertEquals } from "@std/assert";
import { waitFor } from "../support/wait_for.ts";
import { Cluster } from "./cluster.ts";

/** Redirects that are counted, each time. */
const REDIRECTS = 20_000;

/** Requests at once. */
const AT_ONCE = 32;

/** In Great Britain, as the embedded database knows it. */
const CLIENT = "81.2.69.160";

const PLACES: readonly Readonly<Record<string, string>>[] = [
  { latitude: "51.5", longitude: "0", countryCodes: "GB", bandwidth: "1000000000" },
  { latitude: "52", longitude: "-1", countryCodes: "GB", bandwidth: "4000000000", maxShare: "30" },
  { latitude: "53", longitude: "-2", countryCodes: "GB", score: "50" },
  { latitude: "54", longitude: "-2", countryCodes: "GB" },
  { latitude: "40", longitude: "-75", countryCodes: "US", continentCode: "NA" },
];

Deno.test("redirects go where explain says, by one node and by three", async (test) => {
  await using cluster = await Cluster.start({
    nodes: 3,
    mirrors: PLACES.length,
    config: {
      ClientChoice: "none",
      Explain: "all",
      WeightDistributionRange: 1000,
      Rules: [{ Client: ["*"], Mirror: ["m4"], Use: "last" }],
    },
    mirror: (id) => ({ fields: PLACES[id - 1]! }),
  });
  const { nodes, server } = cluster;
  // Every mirror has a URL of its own on the same server.
  for (let id = 1; id <= PLACES.length; id++) {
    await cluster.redis.hset(`MIRROR_${id}`, "http", `${server.url}m${id}/`);
    await cluster.redis.publish("_mirrorbits_mirror_update", `${id}`);
  }
  server.answer = (request) =>
    new Response(request.method === "HEAD" ? null : "/a", {
      headers: { "content-length": "2" },
    });

  const ask = async (node: number): Promise<string> => {
    const response = await fetch(`http://${nodes[node]!.daemon.address}/a`, {
      headers: { "X-Forwarded-For": CLIENT },
      redirect: "manual",
    });
    await response.body?.cancel();
    return /\/(m\d+)\/a$/.exec(response.headers.get("location") ?? "")?.[1] ?? "none";
  };

  /** Share in percent by name, as the node says. */
  const explained = async (node: number): Promise<Map<string, number>> => {
    const answer = await nodes[node]!.daemon.get(`/a?explain`, { "X-Forwarded-For": CLIENT });
    if (answer.status !== 200) return new Map();
    const { mirrors } = await answer.json() as {
      mirrors: { name: string; url: string; share: number | null }[];
    };
    const known = mirrors.every(({ name, url }) => url.endsWith(`/${name}/`));
    return new Map(
      known ? mirrors.flatMap(({ name, share }) => share === null ? [] : [[name, share]]) : [],
    );
  };

  const count = async (asked: readonly number[]): Promise<Map<string, number>> => {
    const counts = new Map<string, number>();
    let left = REDIRECTS;
    await Promise.all(Array.from({ length: AT_ONCE }, async () => {
      while (left > 0) {
        const name = await ask(asked[left-- % asked.length]!);
        counts.set(name, (counts.get(name) ?? 0) + 1);
      }
    }));
    return counts;
  };

  await waitFor(
    async () => (await Promise.all([0, 1, 2].map(explained))).every((one) => one.size === 3),
    {
      what: "all nodes to know all mirrors",
      timeout: 60_000,
    },
  );

  for (const asked of [[0], [0, 1, 2]]) {
    await test.step(`${asked.length} nodes`, async () => {
      const shares = await explained(asked.at(-1)!);
      assert(shares.get("m2")! <= 30 + 1e-6);
      const counts = await count(asked);
      assertEquals([...counts.keys()].sort(), [...shares.keys()].sort());
      for (const [name, share] of shares) {
        const counted = counts.get(name)! * 100 / REDIRECTS;
        assert(Math.abs(counted - share) < 2, `${name}: ${counted} % in place of ${share} %`);
      }
    });
  }
});
