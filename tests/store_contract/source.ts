import { assertEquals } from "@std/assert";
import type { SourceFile } from "../../lib/catalog/file.ts";
import type { ContractCase, OpenedStore } from "../store_contract.ts";
import {
  addCopies,
  addFiles,
  allSourceFiles,
  byPath,
  indexed,
  listed,
  never,
  ODD_PATHS,
  removeFiles,
  sampleFile,
  sampleMirror,
  TIME,
} from "./samples.ts";

const SHA1 = "0123456789abcdef0123456789abcdef01234567";
const SHA256 = "fedcba9876543210fedcba9876543210fedcba9876543210fedcba9876543210";
const MD5 = "00112233445566778899aabbccddeeff";

/** Looks a file up through the store and, where there is one, through the reader. */
async function assertLookup(
  { store, reader }: OpenedStore,
  path: string,
  expected: ReturnType<typeof indexed> | null,
): Promise<void> {
  assertEquals(await store.lookup(path), expected);
  if (reader) assertEquals(await reader.lookup(path), expected);
}

/** The source index and look-ups of what it holds. */
export const sourceCases: readonly ContractCase[] = [
  {
    name: "an empty source has no files",
    run: async (opened) => {
      assertEquals(await opened.store.countFiles(), 0);
      assertEquals(await allSourceFiles(opened.store), []);
      await assertLookup(opened, "/a", null);
      await assertLookup(opened, "", null);
    },
  },
  {
    name: "updateSource() keeps when a version was first seen, until there is another one",
    run: async ({ store }) => {
      const file = sampleFile("/a", { size: 7 });
      const seen = async (): Promise<(number | undefined)[]> =>
        (await allSourceFiles(store)).map(({ firstSeen }) => firstSeen);
      await addFiles(store, { ...file, firstSeen: 1000 }, sampleFile("/b"));
      assertEquals(await seen(), [1000, undefined]);
      // Hashes are no other version, whatever is said about it.
      await addFiles(store, { ...file, sha1: SHA1 });
      await addFiles(store, { ...file, sha1: SHA1, sha256: SHA256, firstSeen: 2000 });
      await addFiles(store, sampleFile("/b", { firstSeen: 3000 }));
      assertEquals(await seen(), [1000, undefined]);
      await addFiles(store, { ...file, size: 8, firstSeen: 4000 });
      assertEquals(await seen(), [4000, undefined]);
      await addFiles(store, { ...file, size: 8, modTime: TIME + 1, firstSeen: 5000 });
      assertEquals(await seen(), [5000, undefined]);
      await addFiles(store, sampleFile("/b", { modTime: null, firstSeen: 6000 }));
      assertEquals(await seen(), [5000, 6000]);
      // Nobody knows when this one came.
      await addFiles(store, { ...file, size: 9 });
      assertEquals(await seen(), [undefined, 6000]);
      await removeFiles(store, "/b");
      await addFiles(store, sampleFile("/b", { modTime: null, firstSeen: 7000 }));
      assertEquals(await seen(), [undefined, 7000]);
    },
  },
  {
    name: "updateSource() keeps sizes, times and hashes exactly",
    run: async (opened) => {
      const files = [
        sampleFile("/all", { sha1: SHA1, sha256: SHA256, md5: MD5 }),
        sampleFile("/none", { size: 0, modTime: null }),
        sampleFile("/one", { sha256: SHA256 }),
        sampleFile("/epoch", { modTime: 0 }),
        sampleFile("/before the epoch", { modTime: -1500 }),
        sampleFile("/milliseconds", { modTime: TIME + 1 }),
        sampleFile("/whole second", { modTime: Date.UTC(2024, 1, 29) }),
        sampleFile("/large", { size: Number.MAX_SAFE_INTEGER }),
      ];
      await addFiles(opened.store, ...files);
      assertEquals(await opened.store.countFiles(), files.length);
      assertEquals(await allSourceFiles(opened.store), files.sort(byPath));
      for (const file of files) await assertLookup(opened, file.path, indexed(file));
    },
  },
  {
    name: "updateSource() adds, changes and removes in one difference",
    run: async (opened) => {
      const { store } = opened;
      await addFiles(store, sampleFile("/stays"), sampleFile("/changes"), sampleFile("/goes"));
      const changed = sampleFile("/changes", { size: 5, modTime: null, sha1: SHA1 });
      await store.updateSource({
        changed: [changed, sampleFile("/new")],
        removed: ["/goes", "/was never there"],
      }, never());
      assertEquals(await store.countFiles(), 3);
      assertEquals(
        await allSourceFiles(store),
        [changed, sampleFile("/new"), sampleFile("/stays")],
      );
      await assertLookup(opened, "/goes", null);
      await assertLookup(opened, "/changes", indexed(changed));
      await addFiles(store, sampleFile("/changes"), sampleFile("/goes", { md5: MD5 }));
      await assertLookup(opened, "/changes", indexed(sampleFile("/changes")));
      await assertLookup(opened, "/goes", indexed(sampleFile("/goes", { md5: MD5 })));
    },
  },
  {
    name: "sourceFilesAt() gives those of some paths that are there, each once",
    run: async ({ store }) => {
      const at = async (...paths: string[]): Promise<SourceFile[]> =>
        (await Array.fromAsync(store.sourceFilesAt(paths))).flat().sort(byPath);
      assertEquals(await at(), []);
      assertEquals(await at("/a"), []);
      const id = await store.addMirror(sampleMirror("m"));
      await addCopies(store, id, listed("/copy alone"), listed("/a"));
      const files = [
        ...ODD_PATHS.map((path, i) => sampleFile(path, { size: i, firstSeen: 1000 + i })),
        // More than any store reads at once.
        ...Array.from({ length: 2500 }, (_, i) => sampleFile(`/many/${i}`, { sha1: SHA1 })),
        sampleFile("/unknown time", { modTime: null, md5: MD5 }),
      ];
      await addFiles(store, ...files, sampleFile("/goes"));
      await removeFiles(store, "/goes");
      const paths = [...files.map(({ path }) => path), "/copy alone", "/goes", "/never there", ""];
      assertEquals(await at(...paths), files.sort(byPath));
      assertEquals(await at("/many/7", "/A"), [sampleFile("/many/7", { sha1: SHA1 })]);
      await addFiles(store, sampleFile("/many/7", { size: 7, firstSeen: 5 }));
      assertEquals(await at("/many/7"), [sampleFile("/many/7", { size: 7, firstSeen: 5 })]);
    },
  },
  {
    name: "updateSource() with nothing to do does nothing",
    run: async ({ store }) => {
      await addFiles(store, sampleFile("/a"));
      await store.updateSource({ changed: [], removed: [] }, never());
      assertEquals(await allSourceFiles(store), [sampleFile("/a")]);
    },
  },
  {
    name: "every path is itself, whatever is in it",
    run: async (opened) => {
      const { store } = opened;
      const id = await store.addMirror(sampleMirror("m"));
      const files = ODD_PATHS.map((path, i) => sampleFile(path, { size: i }));
      await addFiles(store, ...files);
      await addCopies(store, id, ...ODD_PATHS.map((path, i) => listed(path, 1000 + i)));
      assertEquals(await allSourceFiles(store), [...files].sort(byPath));
      for (const [i, file] of files.entries()) {
        await assertLookup(
          opened,
          file.path,
          indexed(file, { mirrorId: id, size: 1000 + i, modTime: TIME }),
        );
      }
      for (const unlike of ["a", "/A", "/a/", "/a ", "//a", "/100%25.txt", "/nfc-e", "/CASE"]) {
        await assertLookup(opened, unlike, null);
      }
      await removeFiles(store, ...ODD_PATHS.slice(1));
      assertEquals(await allSourceFiles(store), [files[0]!]);
    },
  },
  {
    name: "updateSource() leaves the copies of a changed file alone",
    run: async (opened) => {
      const { store } = opened;
      const id = await store.addMirror(sampleMirror("m"));
      await addFiles(store, sampleFile("/a"));
      await addCopies(store, id, listed("/a", 1, 2000));
      const changed = sampleFile("/a", { size: 9, modTime: TIME + 5 });
      await addFiles(store, changed);
      await assertLookup(opened, "/a", indexed(changed, { mirrorId: id, size: 1, modTime: 2000 }));
    },
  },
];
