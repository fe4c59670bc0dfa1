import { assert, assertEquals, assertNotEquals } from "@std/assert";
import fc from "fast-check";
import { downloadHash } from "../../lib/stats/download_hash.ts";
import { OpenedDownloads } from "../../lib/stats/opened_downloads.ts";

Deno.test("OpenedDownloads remember for a while", () => {
  const opened = new OpenedDownloads();
  opened.add([1, 2], 1000);
  opened.add([2], 1500);
  assertEquals([1, 2, 3].map((hash) => opened.has(hash, 1999, 1000)), [true, true, false]);
  assertEquals([1, 2, 3].map((hash) => opened.has(hash, 2000, 1000)), [false, true, false]);
});

Deno.test("OpenedDownloads keep the newest 200 000, and at most twice as many", () => {
  const opened = new OpenedDownloads();
  const numbers = (from: number): Float64Array =>
    Float64Array.from({ length: 200_000 }, (_, index) => from + index);
  opened.add(numbers(0), 0);
  opened.add(numbers(200_000), 0);
  assertEquals(opened.size, 400_000);
  // Somebody began with 0 again.
  opened.add([0], 1);
  assertEquals(opened.size, 200_001);
  assertEquals([0, 1, 199_999, 200_000, 399_999].map((hash) => opened.has(hash, 2, 10)), [
    ...[true, false, false, true, true],
  ]);
});

Deno.test("OpenedDownloads remember what a map of the newest does, whatever the hashes", () => {
  const hashes = fc.oneof(
    fc.nat({ max: 20 }),
    // Alike in their lowest bits, as no hashes are.
    fc.nat({ max: 20 }).map((number) => number * 2 ** 32),
    fc.maxSafeNat(),
  );
  fc.assert(fc.property(
    fc.integer({ min: 1, max: 8 }),
    fc.array(fc.tuple(fc.array(hashes), fc.nat({ max: 3 })), { maxLength: 30 }),
    (least, steps) => {
      const opened = new OpenedDownloads(least);
      const times = new Map<number, number>();
      let time = 0;
      for (const [hashes, pause] of steps) {
        time += pause;
        opened.add(hashes, time);
        for (const hash of hashes) {
          times.delete(hash);
          times.set(hash, time);
        }
        assert(opened.size <= 2 * least);
        const newest = [...times].slice(-least);
        for (const [hash, at] of newest) {
          assert(opened.has(hash, time, time - at + 1));
          assert(!opened.has(hash, time, time - at));
        }
        assert(!opened.has(0.5, time, Infinity));
      }
    },
  ));
});

Deno.test("OpenedDownloads grow as they are filled", () => {
  const opened = new OpenedDownloads(20_000);
  for (let hash = 0; hash < 20_000; hash++) opened.add([hash * 3], hash);
  const all = Array.from({ length: 20_000 }, (_, hash) => hash);
  assert(all.every((hash) => opened.has(hash * 3, hash, 1) && !opened.has(hash * 3 + 1, hash, 1)));
});

Deno.test("OpenedDownloads lose some of those that somebody made alike, and take no longer", () => {
  const opened = new OpenedDownloads(20_000);
  const alike = Float64Array.from({ length: 100_000 }, (_, index) => index * 2 ** 33);
  opened.add(alike, 0);
  assert(opened.size < 100, `${opened.size}`);
  assert(opened.has(alike.at(-1)!, 0, 1));
  opened.add([5], 0);
  assert(opened.has(5, 0, 1));
});

Deno.test("downloadHash() is a whole number of 53 bits that tells downloads apart", () => {
  const text = fc.string({ unit: "binary" });
  fc.assert(fc.property(text, text, text, (address, agent, path) => {
    const hash = downloadHash(address, agent, path);
    assert(Number.isSafeInteger(hash) && hash >= 0, `${hash}`);
    assertEquals(downloadHash(address, agent, path), hash);
    assertNotEquals(downloadHash(address, `${agent}x`, path), hash);
    assertNotEquals(downloadHash(address, agent, `${path}x`), hash);
  }));
  const hashes = new Set<number>();
  for (let i = 0; i < 20_000; i++) hashes.add(downloadHash("192.0.2.1", "curl", `/${i}`));
  assertEquals(hashes.size, 20_000);
  assertNotEquals(downloadHash("1", "b", "/a"), downloadHash("", "b", "/a\x001"));
  assertEquals(downloadHash(null, "", "/a"), downloadHash("", "", "/a"));
});
