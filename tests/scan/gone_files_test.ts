import { assertEquals } from "@std/assert";
import { formatGone, parseGone } from "../../lib/catalog/gone_file.ts";
import { keepGone, MOST_GONE, sweepGone } from "../../lib/scan/gone_files.ts";
import { fakeFile, FakeStore } from "../support/fake_store.ts";

const now = (): number => 1_000_000;

Deno.test("keepGone() notes what leaves as it was, and forgets what is back", async () => {
  const store = new FakeStore();
  store.addFiles(fakeFile("/a", { size: 7, sha256: "ab" }), fakeFile("/b"));
  const options = { store, keepRemoved: 5, now };
  await keepGone(options, { changed: [], removed: ["/a", "/b", "/never"] });
  const kept = await store.notes.all("gone");
  assertEquals([...kept.keys()], ["/a", "/b"]);
  const file = parseGone("/a", kept.get("/a")!, []);
  assertEquals(file, {
    time: 1_000_000,
    indexed: { file: fakeFile("/a", { size: 7, sha256: "ab" }), copies: [], former: true },
  });
  await keepGone(options, { changed: ["/b", "/new"], removed: [] });
  assertEquals([...(await store.notes.all("gone")).keys()], ["/a"]);
  await keepGone({ ...options, keepRemoved: 0 }, { changed: ["/a"], removed: ["/b"] });
  assertEquals([...(await store.notes.all("gone")).keys()], ["/a"]);
});

Deno.test("sweepGone() forgets what is old, from the future, unreadable or too much", async () => {
  const { notes } = new FakeStore();
  const of = (time: number): string => formatGone(fakeFile("/x"), time);
  const old = now() - 60_000;
  await notes.change("gone", {
    put: new Map([["/old", of(old)], ["/new", of(old + 1)], ["/odd", "?"], ["/later", of(9e12)]]),
  });
  assertEquals(await sweepGone(notes, 1, now()), 3);
  assertEquals([...(await notes.all("gone")).keys()], ["/new"]);
  const many = Array.from({ length: MOST_GONE }, (_, i): [string, string] => [`/${i}`, of(now())]);
  await notes.change("gone", { put: new Map(many) });
  assertEquals(await sweepGone(notes, 1, now()), 1);
  assertEquals((await notes.get("gone", ["/new"]))[0], null);
});
