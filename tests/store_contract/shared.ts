import { assert, assertEquals } from "@std/assert";
import type { ContractCase } from "../store_contract.ts";
import { seededRandom } from "./seeded_random.ts";
import {
  addCopies,
  addFiles,
  listed,
  removeCopies,
  removeFiles,
  sampleFile,
  sampleMirror,
} from "./samples.ts";

const SHARED = ["/s1", "/s2", "/s3", "/s4", "/s5"];

/** Random files that the source and a mirror share. */
export const sharedCases: readonly ContractCase[] = [
  {
    name: "sharedFile() gives null when nothing is shared",
    run: async ({ store }) => {
      const id = await store.addMirror(sampleMirror("m"));
      assertEquals(await store.sharedFile(id, () => 0.5), null);
      await addFiles(store, sampleFile("/source only"));
      await addCopies(store, id, listed("/mirror only"));
      assertEquals(await store.sharedFile(id, () => 0), null);
      assertEquals(await store.sharedFiles(id, 10, () => 0), []);
      assertEquals(await store.sharedFile(id + 1000, () => 0), null);
      assertEquals(await store.sharedFiles(id + 1000, 10, () => 0), []);
    },
  },
  {
    name: "sharedFile() gives every shared file sooner or later, and nothing else",
    run: async ({ store }) => {
      const id = await store.addMirror(sampleMirror("m"));
      const other = await store.addMirror(sampleMirror("other"));
      await addFiles(store, ...SHARED.map((path) => sampleFile(path)));
      await addFiles(store, ...numbered("/source", 20).map((path) => sampleFile(path)));
      await addCopies(store, id, ...SHARED.map((path) => listed(path, 77)));
      await addCopies(store, id, ...numbered("/mirror", 20).map((path) => listed(path)));
      await addCopies(store, other, ...numbered("/source", 20).map((path) => listed(path)));
      const random = seededRandom(1);
      const seen = new Set<string>();
      for (let i = 0; i < 200; i++) {
        const found = await store.sharedFile(id, random);
        assert(found);
        assertEquals(found, await store.lookup(found.file.path));
        seen.add(found.file.path);
      }
      assertEquals([...seen].sort(), SHARED);
      for (const extreme of [0, 1 - Number.EPSILON]) {
        const found = await store.sharedFile(id, () => extreme);
        assert(found && SHARED.includes(found.file.path));
      }
    },
  },
  {
    name: "sharedFile() follows what the source and the mirror have now",
    run: async ({ store }) => {
      const id = await store.addMirror(sampleMirror("m"));
      await addCopies(store, id, listed("/a"), listed("/b"), listed("/c"));
      await addFiles(store, sampleFile("/b"), sampleFile("/c"));
      await removeFiles(store, "/b");
      for (let i = 0; i < 20; i++) {
        assertEquals((await store.sharedFile(id, () => i / 20))?.file.path, "/c");
      }
      await addFiles(store, sampleFile("/a"));
      await removeCopies(store, id, "/c");
      for (let i = 0; i < 20; i++) {
        assertEquals((await store.sharedFile(id, () => i / 20))?.file.path, "/a");
      }
      await removeFiles(store, "/a");
      assertEquals(await store.sharedFile(id, () => 0), null);
    },
  },
  {
    name: "sharedFiles() gives different files, as many as there are at most",
    run: async ({ store }) => {
      const id = await store.addMirror(sampleMirror("m"));
      await addFiles(store, ...numbered("/f", 50).map((path) => sampleFile(path)));
      await addCopies(store, id, ...numbered("/f", 30).map((path) => listed(path)));
      const random = seededRandom(2);
      for (const count of [0, 1, 10, 29, 30, 100]) {
        const found = await store.sharedFiles(id, count, random);
        assertEquals(found.length, Math.min(count, 30));
        assertEquals(new Set(found.map((one) => one.file.path)).size, found.length);
        for (const one of found) assertEquals(one, await store.lookup(one.file.path));
      }
      const drawn = new Set<string>();
      for (let i = 0; i < 300 && drawn.size < 30; i++) {
        for (const one of await store.sharedFiles(id, 5, random)) drawn.add(one.file.path);
      }
      assertEquals(drawn.size, 30);
    },
  },
];

function numbered(prefix: string, count: number): string[] {
  return Array.from({ length: count }, (_, i) => `${prefix}-${i}`);
}
