import { assertEquals } from "@std/assert";
import type { SourceFile } from "../../lib/catalog/file.ts";
import { RevisionKeeper } from "../../lib/scan/revision_keeper.ts";
import { fakeFile, FakeStore } from "../support/fake_store.ts";

const PATH = "/r/repodata/repomd.xml";
const { signal } = new AbortController();

function repomd(values: Partial<SourceFile> = {}): SourceFile {
  return fakeFile(PATH, { size: 10, modTime: 1000, sha256: "aa", ...values });
}

function keeperOf(days = 4) {
  const store = new FakeStore();
  const keeper = new RevisionKeeper({ store, days: () => days, now: () => 5000 });
  const write = (...changed: SourceFile[]) => keeper.updateSource({ changed, removed: [] }, signal);
  return { store, keeper, write, kept: () => store.revisions(PATH) };
}

Deno.test("a repomd.xml whose contents change is kept as it was, also when it is hashed later", async () => {
  const { store, write, kept } = keeperOf();
  await write(repomd());
  assertEquals(kept(), []);
  // First its size and time, then its hashes.
  await write(repomd({ size: 11, modTime: 2000, sha256: "" }));
  const former = { size: 10, modTime: 1000, sha256: "aa", sha1: "", md5: "", replaced: 5000 };
  assertEquals(kept(), [former]);
  await write(repomd({ size: 11, modTime: 2000, sha256: "bb" }));
  assertEquals(kept(), [former]);
  assertEquals(store.source.get(PATH)?.sha256, "bb");
  // Touched, and hashed with another algorithm.
  await write(repomd({ size: 11, modTime: 3000, sha256: "bb" }));
  await write(repomd({ size: 11, modTime: 3000, sha256: "bb", sha1: "cc" }));
  assertEquals(kept(), [former]);
  // The same size and time, other contents.
  await write(repomd({ size: 11, modTime: 3000, sha256: "dd" }));
  assertEquals(kept().map(({ sha256 }) => sha256), ["bb", "aa"]);
});

Deno.test("a repomd.xml that is moved away for a moment is kept, other files are not", async () => {
  const { store, keeper, write, kept } = keeperOf();
  await write(repomd(), fakeFile("/r/repodata/primary.xml.gz", { sha256: "ee" }));
  const removed = [PATH, "/r/repodata/primary.xml.gz"];
  await keeper.updateSource({ changed: [], removed }, signal);
  assertEquals([store.source.size, store.former.size], [0, 1]);
  assertEquals(kept().map(({ sha256 }) => sha256), ["aa"]);
});

Deno.test("nothing is kept where nobody wants it, or nobody could tell it", async () => {
  const off = keeperOf(0);
  await off.write(repomd());
  await off.write(repomd({ size: 11 }));
  assertEquals(off.kept(), []);
  const plain = keeperOf();
  await plain.write(repomd({ sha256: "" }));
  await plain.write(repomd({ sha256: "", size: 11 }));
  assertEquals(plain.kept(), []);
});
