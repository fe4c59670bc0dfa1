import { assertEquals } from "@std/assert";
import type { DownloadBatch } from "../../lib/store/download_counts.ts";
import { PendingDownloads } from "../../lib/stats/pending_downloads.ts";

const SAT = Date.UTC(2026, 10, 21, 23);
const SUN = Date.UTC(2026, 10, 22, 1);

/** What a batch holds, in plain objects. */
function shown(batch: DownloadBatch | null): unknown {
  if (batch === null) return null;
  const { day, files, mirrors, hours = new Map(), ranged = [] } = batch;
  return [
    day,
    Object.fromEntries(files),
    Object.fromEntries([...mirrors].map(([id, { downloads, bytes }]) => [id, [downloads, bytes]])),
    Object.fromEntries([...hours].map(([hour, counts]) => [hour, Object.fromEntries(counts)])),
    ranged.length,
  ];
}

Deno.test("PendingDownloads gives the oldest day out first, and what counts for all of it once", () => {
  const pending = new PendingDownloads(100, 100);
  pending.addOne(SUN, "/a", 1, 10, "SE");
  for (const path of ["/a", "/b", "/c"]) pending.addOne(SAT, path, 2, 7, "");
  pending.addOne(SUN, "/a", null, 10, "SE");
  assertEquals(pending.total, 5);
  assertEquals(shown(pending.take(2)), [
    "2026-11-21",
    { "/a": 1, "/b": 1 },
    { 2: [3, 21] },
    { "2026-11-21T23": { downloads: 3, bytes: 21, "country:": 3 } },
    0,
  ]);
  assertEquals(shown(pending.take(2)), ["2026-11-21", { "/c": 1 }, {}, {}, 0]);
  assertEquals(shown(pending.take(2)), [
    "2026-11-22",
    { "/a": 2 },
    { 1: [1, 10] },
    { "2026-11-22T01": { downloads: 2, bytes: 10, "country:SE": 2 } },
    0,
  ]);
  assertEquals([shown(pending.take(2)), pending.total], [null, 0]);
});

Deno.test("PendingDownloads has room for so many paths and questions, again once they were taken", () => {
  const pending = new PendingDownloads(2, 3);
  const add = (path: string): number => pending.addOne(SUN, path, 1, 1, "");
  assertEquals(["/a", "/b", "/c", "/a"].map(add), [0, 0, 1, 0]);
  const asked = { clientHash: "00", path: "/r", mirrorId: 1, size: 1, seconds: 1, country: "" };
  const ask = (): number => pending.addRanged("2026-11-22", { ...asked, hour: "2026-11-22T01" });
  assertEquals([ask(), ask(), ask(), ask(), pending.ranged], [0, 0, 0, 1, 3]);
  // Those that were dropped count for their mirror.
  assertEquals(shown(pending.take(1, 2)), [
    "2026-11-22",
    { "/a": 2 },
    { 1: [4, 4] },
    { "2026-11-22T01": { downloads: 4, bytes: 4, "country:": 4 } },
    2,
  ]);
  assertEquals([add("/c"), add("/d"), ask(), ask(), ask()], [0, 1, 0, 0, 1]);
});
