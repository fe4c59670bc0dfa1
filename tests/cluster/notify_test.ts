import { assertEquals } from "@std/assert";
import { waitFor } from "../support/wait_for.ts";
import { WebhookReceiver } from "../support/webhook_receiver.ts";
import { Cluster } from "./cluster.ts";

const MIRRORS = 6;
const NAMES = Array.from({ length: MIRRORS }, (_, index) => `m${index + 1}`);

Deno.test("two daemons tell each thing once, and after a kill -9 with the same ID", async () => {
  await using hook = new WebhookReceiver();
  const held = Promise.withResolvers<Response>();
  await using cluster = await Cluster.start({
    nodes: 2,
    mirrors: MIRRORS,
    config: { Notify: [{ To: "webhook", URL: hook.url, Events: ["down", "up"] }] },
  });
  const { nodes, server, redis } = cluster;
  const [first, second] = nodes as [typeof nodes[0], typeof nodes[0]];
  await cluster.waitForDivision(nodes, MIRRORS, "two nodes");
  await server.down();
  await waitFor(() => hook.deliveries.length >= MIRRORS, { what: "messages that all are down" });
  server.up();
  await waitFor(() => hook.deliveries.length >= 2 * MIRRORS, { what: "messages that all are up" });
  const expected = ["down", "up"].flatMap((event) => NAMES.map((name) => `${event} ${name}`));
  assertEquals(hook.told.toSorted(), expected);
  assertEquals(new Set(hook.deliveries.map(({ id }) => id)).size, 2 * MIRRORS);
  // Each told of its own.
  assertEquals(new Set(hook.deliveries.map(({ body }) => body.Node)).size, 2);

  hook.answer = () => held.promise;
  await server.down();
  const late = (): typeof hook.deliveries => hook.deliveries.slice(2 * MIRRORS);
  const telling = (): Set<string> => new Set(late().map(({ body }) => body.Node));
  await waitFor(() => telling().size === 2, { what: "both to be at it" });
  await second.daemon.stop("SIGKILL");
  hook.answer = () => new Response(null, { status: 204 });
  held.resolve(new Response(null, { status: 204 }));
  await waitFor(
    async () =>
      new Set(late().map(({ body }) => body.Mirror)).size === MIRRORS &&
      await redis.hlen("MIRRORBITS_MESSAGES") === 0,
    { what: "all messages, of the one that was killed too", every: 100 },
  );
  const byId = Map.groupBy(late(), ({ id }) => id);
  assertEquals(byId.size, MIRRORS);
  assertEquals([...byId.values()].map(([one]) => one!.body.Mirror).sort(), NAMES);
  const twice = [...byId.values()].filter((same) => same.length > 1);
  assertEquals(twice.length, 1);
  assertEquals(twice[0]!.length, 2);
  assertEquals(twice[0]![1]!.text, twice[0]![0]!.text);
  assertEquals(await first.daemon.stop(), 0);
});
