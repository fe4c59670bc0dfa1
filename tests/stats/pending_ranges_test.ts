import { assert, assertEquals } from "@std/assert";
import { clientHash } from "../../lib/stats/client_hash.ts";
import { PendingRanges } from "../../lib/stats/pending_ranges.ts";

const HASH = clientHash("192.0.2.1", "curl");

function part(path: string, changes: { time?: number; clientHash?: string } = {}) {
  return { path, time: 1000, mirrorId: 1, size: 10, clientHash: HASH, country: "FR", ...changes };
}

Deno.test("PendingRanges have room for what others leave of it", () => {
  const ranges = new PendingRanges(3);
  assertEquals(ranges.add(part("/a"), 60_000, 2), null);
  assertEquals(ranges.add(part("/b"), 60_000, 2), "dropped");
  assertEquals(ranges.add(part("/b"), 60_000, 1), null);
  assertEquals(ranges.total, 2);
});

Deno.test("PendingRanges give back what they were given, a few at a time and in order", () => {
  const ranges = new PendingRanges(1000);
  const hashes = ["0".repeat(64), "f".repeat(64), "0123456789abcdef".repeat(4), HASH];
  const parts = hashes.flatMap((hash) => [
    part("/a", { clientHash: hash, time: 1.5 }),
    { ...part("/b\0é😀", { clientHash: hash }), mirrorId: null, size: 2 ** 53 - 1, country: "" },
  ]);
  for (const one of parts) assertEquals(ranges.add(one, 60_000), null);
  assertEquals(ranges.take(3), parts.slice(0, 3));
  assertEquals(ranges.total, 5);
  // They are known until the store has them.
  for (const one of parts) assertEquals(ranges.add(one, 60_000), null);
  assertEquals(ranges.total, 5);
  ranges.settle();
  assertEquals(ranges.take(), parts.slice(3));
  assert(ranges.empty);
  ranges.settle();
  assertEquals(ranges.add(parts[0]!, 60_000), null);
  assertEquals(ranges.take(), [parts[0]]);
});

Deno.test("PendingRanges tell downloads apart that lie further apart than the interval", () => {
  const ranges = new PendingRanges(10);
  assertEquals(ranges.add(part("/a", { time: 1000 }), 500), null);
  assertEquals(ranges.add(part("/a", { time: 1499 }), 500), null);
  assertEquals(ranges.add(part("/a", { time: 1500 }), 500), part("/a", { time: 1000 }));
  assertEquals(ranges.take(), [part("/a", { time: 1500 })]);
  assertEquals(ranges.add(part("/a", { time: 1600 }), 500), null);
  assertEquals(ranges.add(part("/a", { time: 2000 }), 500), part("/a", { time: 2000 }));
  assertEquals(ranges.add(part("/a", { time: 2400 }), 500), null);
  assert(ranges.empty);
});

Deno.test("ranged downloads that wait take some 200 bytes each, also while they are written", async () => {
  const script = new URL("./waiting_ranges_child.ts", import.meta.url);
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-q", "--no-check", "--v8-flags=--expose-gc", "-A", script.pathname],
  }).output();
  assertEquals(code, 0, new TextDecoder().decode(stderr));
  const { waiting, bytes, written } = JSON.parse(new TextDecoder().decode(stdout));
  // One write was answered, and the next one is under way.
  assert(waiting < 20_000 && waiting > 18_000, `${waiting}`);
  assert(bytes / waiting < 300, `${bytes / waiting} bytes each`);
  assertEquals(written, 20_000);
});
