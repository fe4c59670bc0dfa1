import { systemClock } from "../../../lib/daemon/system_clock.ts";
import { assert, assertEquals, assertRejects } from "@std/assert";
import type { IndexedFile } from "../../../lib/catalog/file.ts";
import { FileCache } from "../../../lib/store/cache/file_cache.ts";
import { type SiblingChannel, SiblingFiles } from "../../../lib/store/cache/sibling_files.ts";
import { StoreUnavailableError } from "../../../lib/store/store.ts";
import { plainFile } from "../../support/plain_file.ts";

function file(path: string, size = 1): IndexedFile {
  return {
    file: { path, size, modTime: null, sha1: "", sha256: "", md5: "" },
    copies: [{ mirrorId: 7, size, modTime: 3 }],
  };
}

/** A channel in memory: what one says, all others hear. */
function channels(count: number): (SiblingChannel & { said: number })[] {
  const all: (SiblingChannel & { said: number })[] = Array.from({ length: count }, () => ({
    onmessage: null,
    said: 0,
    postMessage(data) {
      this.said++;
      for (const other of all) {
        if (other !== this) {
          queueMicrotask(() => other.onmessage?.({ data: structuredClone(data) }));
        }
      }
    },
    close: () => {},
  }));
  return all;
}

/** Threads whose common store knows `/a` and can be away. */
function threads(count: number) {
  const store = { away: false, lookups: 0, size: 1 };
  const reader = {
    lookup: (path: string): Promise<IndexedFile | null> => {
      store.lookups++;
      if (store.away) return Promise.reject(new StoreUnavailableError("Away"));
      return Promise.resolve(path === "/a" ? file("/a", store.size) : null);
    },
  };
  const wires = channels(count);
  const siblings = wires.map((channel) =>
    new SiblingFiles({
      cache: new FileCache({ reader, maximumEntries: 10 }),
      channel,
      clock: systemClock,
      timeout: 20,
    })
  );
  return { store, siblings, wires };
}

Deno.test("what one thread remembers is good for all while the store is away", async () => {
  const { store, siblings, wires } = threads(3);
  const [first, second] = siblings;
  await first!.load("/a");
  await first!.load("/none");
  assertEquals(wires.map(({ said }) => said), [0, 0, 0]);
  store.away = true;
  assertEquals(plainFile(await second!.load("/a")), file("/a"));
  assertEquals(await second!.load("/none"), null);
  assertEquals(second!.peek("/a"), undefined);
  const said = wires[1]!.said;
  const both = await Promise.all([second!.load("/a"), second!.load("/none")]);
  assertEquals(both.map(plainFile), [file("/a"), null]);
  assertEquals(wires[1]!.said, said, "What was borrowed is not asked for again");
  await assertRejects(async () => await second!.load("/nobody knows"), StoreUnavailableError);
});

Deno.test("those who ask at the same time share a question", async () => {
  const { store, siblings, wires } = threads(2);
  await siblings[0]!.load("/a");
  store.away = true;
  const answers = await Promise.all([1, 2, 3].map(() => siblings[1]!.load("/a")));
  assertEquals(answers.map(plainFile), [file("/a"), file("/a"), file("/a")]);
  assertEquals(wires[1]!.said, 1);
});

Deno.test("what was borrowed is not used once the store is there, and forgotten with a change", async () => {
  const { store, siblings } = threads(2);
  await siblings[0]!.load("/a");
  store.away = true;
  await siblings[1]!.load("/a");
  store.away = false;
  store.size = 2;
  assertEquals(plainFile(await siblings[1]!.load("/a")), file("/a", 2));
  for (const one of siblings) one.drop(["/a"]);
  store.away = true;
  await assertRejects(async () => await siblings[1]!.load("/a"), StoreUnavailableError);
  store.away = false;
  await siblings[0]!.load("/a");
  store.away = true;
  assertEquals(plainFile(await siblings[1]!.load("/a")), file("/a", 2));
});

Deno.test("what threads have to look up anew is good for all until they can", async () => {
  const { store, siblings, wires } = threads(2);
  await siblings[0]!.load("/a");
  store.away = true;
  await siblings[1]!.load("/a");
  for (const one of siblings) one.clear();
  const { said } = wires[1]!;
  assertEquals(plainFile(await siblings[1]!.load("/a")), file("/a"));
  assertEquals(wires[1]!.said, said + 1, "What was borrowed before is not used");
  store.away = false;
  store.size = 2;
  assertEquals(plainFile(await siblings[1]!.load("/a")), file("/a", 2));
});

Deno.test("no more than 1 000 questions wait for threads that do not answer", async () => {
  const { store, siblings, wires } = threads(2);
  store.away = true;
  wires[0]!.onmessage = null;
  const answers = Array.from({ length: 5_000 }, (_, i) => siblings[1]!.load(`/${i}`));
  const outcomes = await Promise.allSettled(answers);
  assertEquals(outcomes.every(({ status }) => status === "rejected"), true);
  assertEquals(wires[1]!.said, 1_000);
  // Once that is over, there is room again.
  await assertRejects(async () => await siblings[1]!.load("/again"), StoreUnavailableError);
  assertEquals(wires[1]!.said, 1_001);
});

Deno.test("other failures go through, and disposing of it ends the listening", async () => {
  const [channel] = channels(1);
  const reader = { lookup: () => Promise.reject(new TypeError("Broken")) };
  const files = new SiblingFiles({
    cache: new FileCache({ reader, maximumEntries: 10 }),
    channel: channel!,
    clock: systemClock,
  });
  await assertRejects(async () => await files.load("/a"), TypeError);
  files[Symbol.dispose]();
  assert(channel!.onmessage === null);
});
