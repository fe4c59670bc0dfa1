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

Deno.test("OpenedDownloads forget the oldest beyond 200 000", () => {
  const opened = new OpenedDownloads();
  opened.add(Float64Array.from({ length: 200_000 }, (_, index) => index), 0);
  assertEquals(opened.size, 200_000);
  opened.add([0, 1_000_000], 1);
  assertEquals(opened.size, 196_875);
  // Somebody began with 0 again.
  assertEquals([0, 1, 3_126, 3_127, 1_000_000].map((hash) => opened.has(hash, 2, 10)), [
    ...[true, false, false, true, true],
  ]);
});

Deno.test("OpenedDownloads: many that come in small parts cost little, however many went before", () => {
  const opened = new OpenedDownloads(20_000);
  let looked = 0;
  const keys = Map.prototype.keys;
  Map.prototype.keys = function (this: Map<unknown, unknown>) {
    looked++;
    return keys.call(this);
  };
  try {
    for (let hash = 0; hash < 100_000; hash++) opened.add([hash], hash);
  } finally {
    Map.prototype.keys = keys;
  }
  assert(opened.size <= 20_000 && opened.size > 19_000);
  // Each look passes over all that were forgotten before.
  assert(looked < 400, `${looked}`);
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
