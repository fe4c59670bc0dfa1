import { assertEquals } from "@std/assert";
import { RemoteSteering, steerFor, type SteeringReply } from "../../lib/upgrade/remote_steering.ts";
import { MemoryLog } from "../support/memory_log.ts";

const ADDRESS = { hostname: "127.0.0.1", port: 80 };

Deno.test("RemoteSteering has another thread steer, and hears what came of it", async () => {
  const asked: unknown[] = [];
  const log = new MemoryLog();
  const answer = steerFor({
    steer: (address, to) => {
      asked.push([address, to]);
      return Promise.resolve(to.first === 2);
    },
    release: (address) => {
      asked.push(address);
      return Promise.resolve();
    },
    cut: (peer) => {
      asked.push(peer);
      return Promise.resolve(peer.port === 80);
    },
    descriptors: () => Promise.resolve({ lowest: 20, limit: 1024 }),
  }, (reply: SteeringReply) => remote.take(structuredClone(reply)));
  const remote = new RemoteSteering((call) => void answer(structuredClone(call)), log);
  const outcomes = await Promise.all([
    remote.steer(ADDRESS, { first: 0, count: 2 }),
    remote.steer(ADDRESS, { first: 2, count: 1 }),
    remote.release(ADDRESS),
    remote.cut(ADDRESS),
    remote.cut({ ...ADDRESS, port: 81 }),
  ]);
  assertEquals(outcomes, [false, true, undefined, true, false]);
  assertEquals(asked, [
    [ADDRESS, { first: 0, count: 2 }],
    [ADDRESS, { first: 2, count: 1 }],
    ADDRESS,
    ADDRESS,
    { ...ADDRESS, port: 81 },
  ]);
  assertEquals(await remote.descriptors(), { lowest: 20, limit: 1024 });
  remote.take({ type: "log", level: "warn", message: "No C library" });
  assertEquals(log.lines.length, 1);
});
