import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import fc from "fast-check";
import type { IndexedFile } from "../../../lib/catalog/file.ts";
import { FileCache } from "../../../lib/store/cache/file_cache.ts";
import { StoreUnavailableError } from "../../../lib/store/store.ts";
import { memoryOfPaths } from "../../support/long_urls.ts";
import { plainFile } from "../../support/plain_file.ts";
import type { MaybePromise } from "../../../lib/store/store_reader.ts";

function file(path: string, size = 1): IndexedFile {
  return { file: { path, size, modTime: null, sha1: "", sha256: "", md5: "" }, copies: [] };
}

/** A store whose look-ups read at once and answer when they are told to. */
class SlowReader {
  readonly files = new Map<string, IndexedFile>();
  readonly waiting: (() => void)[] = [];
  lookups = 0;
  failure: Error | null = null;

  lookup(path: string): Promise<IndexedFile | null> {
    this.lookups++;
    const found = this.files.get(path) ?? null;
    const { failure } = this;
    return new Promise((resolve, reject) =>
      this.waiting.push(() => failure ? reject(failure) : resolve(found))
    );
  }

  async answerAll(): Promise<void> {
    for (const answer of this.waiting.splice(0)) answer();
    await Promise.resolve();
  }
}

/** What came without a promise. */
function sync(answer: MaybePromise<IndexedFile | null>): IndexedFile | null {
  assert(!(answer instanceof Promise));
  return answer;
}

Deno.test("load() answers without a promise where the store does", () => {
  let lookups = 0;
  const reader = { lookup: (path: string) => (lookups++, path === "/a" ? file("/a") : null) };
  const cache = new FileCache({ reader, maximumEntries: 10 });
  assertEquals(cache.peek("/a"), undefined);
  assertEquals(plainFile(sync(cache.load("/a"))), file("/a"));
  assertEquals(cache.load("/b"), null);
  assertEquals(plainFile(cache.peek("/a")), file("/a"));
  assertEquals(cache.peek("/b"), null);
  cache.load("/a");
  cache.load("/b");
  assertEquals([lookups, cache.size], [2, 2]);
});

Deno.test("load() shares one look-up among those who ask at the same time", async () => {
  const reader = new SlowReader();
  reader.files.set("/a", file("/a"));
  const cache = new FileCache({ reader, maximumEntries: 10 });
  const answers = [cache.load("/a"), cache.load("/a"), cache.load("/a"), cache.load("/b")];
  assertEquals(reader.lookups, 2);
  await reader.answerAll();
  assertEquals((await Promise.all(answers)).map(plainFile), [
    file("/a"),
    file("/a"),
    file("/a"),
    null,
  ]);
  assertEquals(plainFile(sync(cache.load("/a"))), file("/a"));
  assertEquals(reader.lookups, 2);
});

Deno.test("drop() forgets known and unknown files", () => {
  let size = 1;
  const reader = {
    lookup: (path: string) => size === 1 && path === "/b" ? null : file(path, size),
  };
  const cache = new FileCache({ reader, maximumEntries: 10 });
  for (const path of ["/a", "/b", "/c"]) cache.load(path);
  size = 2;
  cache.drop(["/a", "/b", "/never asked"]);
  assertEquals([cache.peek("/a"), cache.peek("/b")], [undefined, undefined]);
  assertEquals(plainFile(sync(cache.load("/a"))), file("/a", 2));
  assertEquals(plainFile(sync(cache.load("/b"))), file("/b", 2));
  assertEquals(plainFile(sync(cache.load("/c"))), file("/c", 1));
});

for (const way of ["drop", "clear"] as const) {
  Deno.test(`${way}() during a look-up: its answer is not remembered, later ones ask anew`, async () => {
    const reader = new SlowReader();
    reader.files.set("/a", file("/a", 1));
    const cache = new FileCache({ reader, maximumEntries: 10 });
    const before = cache.load("/a");
    reader.files.set("/a", file("/a", 2));
    if (way === "drop") cache.drop(["/a"]);
    else cache.clear();
    const after = cache.load("/a");
    assertEquals(reader.lookups, 2);
    reader.waiting.reverse();
    await reader.answerAll();
    assertEquals(plainFile(await before), file("/a", 1));
    assertEquals(plainFile(await after), file("/a", 2));
    assertEquals(plainFile(cache.peek("/a")), file("/a", 2));
  });
}

Deno.test("clear() has everything looked up anew", () => {
  let size = 1;
  const reader = { lookup: (path: string) => size === 1 ? file(path) : null };
  const cache = new FileCache({ reader, maximumEntries: 10 });
  cache.load("/a");
  cache.clear();
  assertEquals(cache.peek("/a"), undefined);
  size = 2;
  assertEquals([cache.load("/a"), cache.size], [null, 1]);
});

Deno.test("load() does not remember failures, and what is remembered stays usable", async () => {
  const reader = new SlowReader();
  reader.files.set("/a", file("/a"));
  const cache = new FileCache({ reader, maximumEntries: 10 });
  const first = cache.load("/a");
  await reader.answerAll();
  await first;
  reader.failure = new StoreUnavailableError("Gone");
  const failed = [cache.load("/b"), cache.load("/b")].map((answer) => Promise.resolve(answer));
  const rejected = failed.map((answer) => assertRejects(() => answer, StoreUnavailableError));
  await reader.answerAll();
  await Promise.all(rejected);
  assertEquals(plainFile(sync(cache.load("/a"))), file("/a"));
  reader.failure = null;
  reader.files.set("/b", file("/b"));
  const again = cache.load("/b");
  await reader.answerAll();
  assertEquals(plainFile(await again), file("/b"));
});

Deno.test("load() lets a failure through that comes without a promise", () => {
  const reader = {
    lookup: (): null => {
      throw new StoreUnavailableError("Gone");
    },
  };
  const cache = new FileCache({ reader, maximumEntries: 10 });
  assertThrows(() => cache.load("/a"), StoreUnavailableError);
  assertEquals(cache.peek("/a"), undefined);
});

Deno.test("what was forgotten by clear() answers look-ups that fail, until one does not", () => {
  let failure: Error | null = null;
  const files = new Map([["/a", file("/a")], ["/b", file("/b")], ["/c", file("/c")]]);
  const reader = {
    lookup: (path: string): IndexedFile | null => {
      if (failure) throw failure;
      return files.get(path) ?? null;
    },
  };
  const cache = new FileCache({ reader, maximumEntries: 10 });
  for (const path of ["/a", "/b", "/c", "/unknown"]) cache.load(path);
  cache.clear();
  failure = new StoreUnavailableError("Gone");
  // Again and again, and it is not taken for what the store says.
  for (let i = 0; i < 3; i++) {
    assertEquals(plainFile(sync(cache.load("/a"))), file("/a"));
    assertEquals(cache.peek("/a"), undefined);
  }
  assertThrows(() => cache.load("/unknown"), StoreUnavailableError);
  assertThrows(() => cache.load("/never asked for"), StoreUnavailableError);
  cache.drop(["/b"]);
  assertThrows(() => cache.load("/b"), StoreUnavailableError);
  // The store is back for a moment: what it says holds, also that a file is gone.
  failure = null;
  files.set("/a", file("/a", 2));
  files.delete("/c");
  assertEquals(sync(cache.load("/a"))?.file.size, 2);
  assertEquals(cache.load("/c"), null);
  cache.clear();
  failure = new StoreUnavailableError("Gone again");
  assertEquals(sync(cache.load("/a"))?.file.size, 2);
  assertThrows(() => cache.load("/c"), StoreUnavailableError);
  failure = new TypeError("A fault of the program");
  assertThrows(() => cache.load("/a"), TypeError);
});

Deno.test("what is kept for look-ups that fail takes no more than the cache may", () => {
  const copies = Array.from({ length: 50 }, (_, i) => ({ mirrorId: i, size: 1, modTime: null }));
  const reader = { lookup: (path: string) => ({ ...file(path), copies }) };
  const cache = new FileCache({ reader, maximumEntries: 1000, maximumBytes: 200_000 });
  for (let i = 0; i < 3000; i++) {
    if (i % 100 === 0) cache.clear();
    cache.load(`/${i}`);
    assert(cache.bytes <= 200_000 && cache.size <= 1000);
  }
  // All that was loaded since is there still.
  for (let i = 2900; i < 3000; i++) assert(cache.peek(`/${i}`) !== undefined, `/${i}`);
});

Deno.test("unknown files do not push out known ones", () => {
  const reader = { lookup: (path: string) => path.startsWith("/known") ? file(path) : null };
  const cache = new FileCache({ reader, maximumEntries: 80 });
  for (let i = 0; i < 80; i++) cache.load(`/known-${i}`);
  for (let i = 0; i < 10_000; i++) cache.load(`/made-up-${i}`);
  for (let i = 0; i < 80; i++) assert(cache.peek(`/known-${i}`));
  assertEquals(cache.size, 90);
});

Deno.test("the cache stays within its bounds in entries and bytes", () => {
  const copies = Array.from({ length: 50 }, (_, i) => ({ mirrorId: i, size: 1, modTime: null }));
  const reader = {
    lookup: (path: string) => path.includes("no") ? null : { ...file(path), copies },
  };
  const cache = new FileCache({ reader, maximumEntries: 1000, maximumBytes: 200_000 });
  for (let i = 0; i < 5000; i++) {
    cache.load(`/${"long/".repeat(i % 100)}${i}`);
    cache.load(`/no/${"long/".repeat(i % 100)}${i}`);
    assert(cache.bytes <= 225_000 && cache.size <= 1125);
  }
  cache.load(`/no/${"x".repeat(5000)}`);
  assertEquals(cache.peek(`/no/${"x".repeat(5000)}`), undefined);
});

Deno.test("many more files are remembered than objects; what is asked for often stays one object", () => {
  const copies = Array.from({ length: 50 }, (_, i) => ({ mirrorId: i, size: 7, modTime: i % 3 }));
  let lookups = 0;
  const reader = { lookup: (path: string) => (lookups++, { ...file(path, 7), copies }) };
  const cache = new FileCache({ reader, maximumEntries: 1000 });
  const often = cache.load("/0");
  const rare = cache.load("/1");
  for (let round = 0; round < 3; round++) {
    for (let i = 0; i < 1000; i++) {
      assertEquals(plainFile(sync(cache.load(`/${i}`))), { ...file(`/${i}`, 7), copies });
      assert(cache.peek("/0") === often && cache.bytes <= 1024 * 1000);
    }
  }
  assertEquals(lookups, 1000);
  assert(cache.peek("/1") !== rare && cache.peek("/1") === cache.peek("/1"));
  cache.drop(["/0", "/1", "/2"]);
  for (const path of ["/0", "/1", "/2"]) assertEquals(cache.peek(path), undefined);
  assertEquals(cache.size, 997);
});

Deno.test("whatever happens at the same time, nothing stale is remembered", async () => {
  const path = fc.constantFrom("/a", "/b", "/c");
  const step = fc.oneof(
    fc.record({ type: fc.constant("load"), path }),
    fc.record({ type: fc.constant("change"), path }),
    fc.record({ type: fc.constant("remove"), path }),
    fc.record({ type: fc.constant("answer one"), path }),
    fc.record({ type: fc.constant("answer last"), path }),
    fc.record({ type: fc.constant("missed"), path }),
    fc.record({ type: fc.constant("fail"), path }),
  );
  await fc.assert(fc.asyncProperty(fc.array(step, { maxLength: 60 }), async (steps) => {
    const reader = new SlowReader();
    const cache = new FileCache({ reader, maximumEntries: 2 });
    const answers: Promise<void>[] = [];
    let version = 0;
    // Versions of each path, with the step at which they began to hold; the message comes at once.
    const history = new Map<string, (number | null)[]>();
    for (const path of ["/a", "/b", "/c"]) history.set(path, [null]);
    // The version that the cache was told of last: none that is older answers a look-up that fails.
    const told = new Map<string, number>();
    const tell = (path: string): void => {
      cache.drop([path]);
      told.set(path, history.get(path)!.length - 1);
    };
    let failed = false;
    const change = (path: string, to: number | null): void => {
      if (to === null) reader.files.delete(path);
      else reader.files.set(path, file(path, to));
      history.get(path)!.push(to);
    };
    for (const { type, path } of steps) {
      if (type === "load") {
        const oldest = failed ? told.get(path) ?? 0 : history.get(path)!.length - 1;
        const answer = Promise.resolve(cache.load(path));
        answers.push(answer.then((found) => {
          const allowed = history.get(path)!.slice(oldest);
          assert(allowed.includes(found?.file.size ?? null), "An answer from before the question");
        }, (error) => assert(error instanceof StoreUnavailableError)));
      } else if (type === "change") {
        change(path, ++version);
        tell(path);
      } else if (type === "remove") {
        change(path, null);
        tell(path);
      } else if (type === "missed") {
        change(path, ++version);
        cache.clear();
      } else if (type === "fail") {
        failed = true;
        reader.failure = reader.failure ? null : new StoreUnavailableError("Gone");
      } else {
        (type === "answer one" ? reader.waiting.shift() : reader.waiting.pop())?.();
        await new Promise((resolve) => queueMicrotask(() => queueMicrotask(() => resolve(null))));
      }
      for (const [path, versions] of history) {
        const found = cache.peek(path);
        if (found !== undefined) assertEquals(found?.file.size ?? null, versions.at(-1));
      }
    }
    await reader.answerAll();
    await Promise.all(answers);
  }));
});

Deno.test("a path that was cut out of a long URL does not keep the URL in memory", async () => {
  const count = 10_000;
  const reader = { lookup: (path: string) => path.includes("7") ? null : file(path) };
  const cache = new FileCache({ reader, maximumEntries: count * 10 });
  const loaded = await memoryOfPaths(count, (path) => cache.load(path));
  assert(loaded < 8000, `${loaded} bytes for each path that was loaded`);
  // So many are not kept as objects: some are unpacked, under the path that is asked for now.
  const small = new FileCache({ reader, maximumEntries: count, maximumBytes: 16e6 });
  await memoryOfPaths(count, (path) => small.load(path));
  const unpacked = await memoryOfPaths(count, (path) => small.peek(path));
  assert(unpacked < 8000, `${unpacked} bytes for each path that was unpacked`);
});
