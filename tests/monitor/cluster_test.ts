import { assert, assertEquals, assertMatch } from "@std/assert";
import { ClusterMembership } from "../../lib/monitor/cluster.ts";
import type { ClusterChannel } from "../../lib/store/cluster_channel.ts";
import { FakeClock } from "../support/fake_clock.ts";

/** A channel in memory that reaches everyone. */
function fakeChannel(): ClusterChannel & { readonly sent: string[]; broken: boolean } {
  const listeners = new Set<(message: string) => void>();
  const channel = {
    sent: [] as string[],
    broken: false,
    // deno-lint-ignore require-await -- a port's promise
    async send(message: string): Promise<void> {
      if (channel.broken) throw new Error("The store is away");
      channel.sent.push(message);
      for (const listener of listeners) listener(message);
    },
    listen(listener: (message: string) => void, signal: AbortSignal): void {
      listeners.add(listener);
      signal.addEventListener("abort", () => listeners.delete(listener));
    },
  };
  return channel;
}

function member(
  channel: ClusterChannel,
  hostname: string,
  clock: FakeClock,
  database = 0,
): ClusterMembership {
  return new ClusterMembership({ channel, database, hostname, clock, random: () => 0.5 });
}

Deno.test("ClusterMembership announces itself as the original does", async () => {
  const channel = fakeChannel();
  const stop = new AbortController();
  const clock = new FakeClock();
  const node = member(channel, "host", clock, 3);
  const running = node.run(stop.signal);
  assertMatch(node.self, /^host-\d{5}$/);
  assertEquals(channel.sent, [`HELLO3 ${node.self}`]);
  await clock.advance(999);
  // What the original takes no notice of comes behind it.
  assertEquals(channel.sent, [`HELLO3 ${node.self}`, `OURS3 ${node.self}`]);
  await clock.advance(1);
  assertEquals(channel.sent.filter((message) => message.startsWith("HELLO")).length, 2);
  stop.abort();
  await running;
});

Deno.test("ClusterMembership knows who announced itself, and forgets who is silent", async () => {
  const channel = fakeChannel();
  const stop = new AbortController();
  const clock = new FakeClock();
  const node = member(channel, "b", clock);
  assertEquals(node.nodes(), [node.self]);
  assert(!node.settled);
  const running = node.run(stop.signal);
  await channel.send("HELLO0 a-12345");
  await channel.send("HELLO1 another-database-12345");
  await channel.send("GOODBYE0 c-12345");
  assertEquals(node.nodes(), ["a-12345", node.self]);
  clock.tick(2000);
  assert(node.settled);
  clock.tick(3000);
  assertEquals(node.nodes(), ["a-12345", node.self]);
  clock.tick(1);
  assertEquals(node.nodes(), [node.self]);
  stop.abort();
  await running;
});

Deno.test("ClusterMembership goes on when the store is away", async () => {
  const channel = fakeChannel();
  channel.broken = true;
  const stop = new AbortController();
  const clock = new FakeClock();
  const node = member(channel, "host", clock);
  const running = node.run(stop.signal);
  channel.broken = false;
  await clock.advance(1000);
  assertEquals(channel.sent[0], `HELLO0 ${node.self}`);
  stop.abort();
  await running;
});

Deno.test("ClusterMembership that heard not even itself has to get to know the others again", async () => {
  const channel = fakeChannel();
  const stop = new AbortController();
  const clock = new FakeClock();
  const node = member(channel, "b", clock);
  const running = node.run(stop.signal);
  clock.tick(1001);
  assert(node.settled);
  clock.tick(2500);
  assert(!node.settled, "It was cut off or frozen");
  await channel.send(`HELLO0 ${node.self}`);
  assert(!node.settled, "Others may not have announced themselves yet");
  clock.tick(1099);
  assert(node.settled);
  stop.abort();
  await running;
});

Deno.test("ClusterMembership tells nodes of the original from those of this program", async () => {
  const channel = fakeChannel();
  const stop = new AbortController();
  const clock = new FakeClock();
  const node = member(channel, "b", clock);
  const other = member(channel, "c", clock);
  const running = [node.run(stop.signal), other.run(stop.signal)];
  for (let i = 0; i < 6; i++) {
    await channel.send("HELLO0 a-12345");
    await channel.send("OURS0 nobody-12345");
    // Not at once: the word that tells them apart may be on its way.
    if (i < 3) assertEquals(node.originals(), []);
    await clock.advance(1000);
  }
  assertEquals(node.originals(), ["a-12345"]);
  assertEquals(other.originals(), ["a-12345"]);
  await clock.advance(6000);
  assertEquals(node.originals(), [], "it has left");
  stop.abort();
  await Promise.all(running);
});
