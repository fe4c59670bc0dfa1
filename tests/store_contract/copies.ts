import { assertEquals, assertRejects } from "@std/assert";
import { NoSuchMirrorError } from "../../lib/store/store.ts";
import type { ContractCase } from "../store_contract.ts";
import {
  addCopies,
  addFiles,
  allCopies,
  byPath,
  indexed,
  knownCount,
  listed,
  never,
  ODD_PATHS,
  removeCopies,
  removeFiles,
  sampleFile,
  sampleMirror,
  TIME,
} from "./samples.ts";

/** What mirrors carry. */
export const copyCases: readonly ContractCase[] = [
  {
    name: "lookup() gives the copies in order of mirror ID",
    run: async ({ store, reader }) => {
      const ids: number[] = [];
      for (let i = 0; i < 12; i++) ids.push(await store.addMirror(sampleMirror(`m${i}`)));
      await addFiles(store, sampleFile("/a"), sampleFile("/b"));
      const carriers = [7, 11, 0, 2, 10, 1].map((i) => ids[i]!);
      for (const id of carriers) await addCopies(store, id, listed("/a", id, TIME + id));
      const expected = indexed(
        sampleFile("/a"),
        ...carriers.sort((a, b) => a - b).map((id) => ({
          mirrorId: id,
          size: id,
          modTime: TIME + id,
        })),
      );
      assertEquals(await store.lookup("/a"), expected);
      if (reader) assertEquals(await reader.lookup("/a"), expected);
      assertEquals(await store.lookup("/b"), indexed(sampleFile("/b")));
    },
  },
  {
    name: "lookup() gives null for a file that only mirrors have",
    run: async ({ store, reader }) => {
      const id = await store.addMirror(sampleMirror("m"));
      assertEquals(await addCopies(store, id, listed("/extra")), 0);
      assertEquals(await store.lookup("/extra"), null);
      if (reader) assertEquals(await reader.lookup("/extra"), null);
      assertEquals(await allCopies(store, id), [listed("/extra")]);
    },
  },
  {
    name: "copiesOf() gives sizes and times exactly, source files or not",
    run: async ({ store }) => {
      const id = await store.addMirror(sampleMirror("m"));
      const other = await store.addMirror(sampleMirror("other"));
      const files = [
        listed("/null", 0, null),
        listed("/epoch", 1, 0),
        listed("/before", 2, -1500),
        listed("/fraction", 3, TIME),
        listed("/large", Number.MAX_SAFE_INTEGER, TIME - 678),
        ...ODD_PATHS.map((path) => listed(path)),
      ];
      await addFiles(store, sampleFile("/null"));
      assertEquals(await addCopies(store, id, ...files), 1);
      assertEquals(await allCopies(store, id), files.sort(byPath));
      assertEquals(await allCopies(store, other), []);
      assertEquals(await allCopies(store, other + 1000), []);
    },
  },
  {
    name: "updateCopies() adds, changes and removes, and counts what is shared",
    run: async ({ store }) => {
      const id = await store.addMirror(sampleMirror("m"));
      const other = await store.addMirror(sampleMirror("other"));
      await addFiles(store, sampleFile("/stays"), sampleFile("/changes"), sampleFile("/goes"));
      const start = [listed("/stays"), listed("/changes"), listed("/goes"), listed("/own")];
      assertEquals(await addCopies(store, id, ...start), 3);
      assertEquals(await addCopies(store, other, ...start), 3);
      const known = await store.updateCopies(id, {
        changed: [listed("/changes", 5, null), listed("/new"), listed("/stays", 1234, TIME)],
        removed: ["/goes", "/was never there"],
      }, never());
      assertEquals(known, 2);
      assertEquals(
        await allCopies(store, id),
        [listed("/changes", 5, null), listed("/new"), listed("/own"), listed("/stays")],
      );
      assertEquals(await allCopies(store, other), start.sort(byPath));
      assertEquals(
        await store.lookup("/changes"),
        indexed(
          sampleFile("/changes"),
          { mirrorId: id, size: 5, modTime: null },
          { mirrorId: other, size: 1234, modTime: TIME },
        ),
      );
      assertEquals(
        await store.lookup("/goes"),
        indexed(sampleFile("/goes"), { mirrorId: other, size: 1234, modTime: TIME }),
      );
      assertEquals(await removeCopies(store, id, "/own", "/stays"), 1);
    },
  },
  {
    name: "the number of shared files follows the source",
    run: async ({ store }) => {
      const id = await store.addMirror(sampleMirror("m"));
      await addCopies(store, id, listed("/a"), listed("/b"), listed("/c"));
      assertEquals(await knownCount(store, id), 0);
      await addFiles(store, sampleFile("/a"), sampleFile("/b"), sampleFile("/z"));
      assertEquals(await knownCount(store, id), 2);
      await addFiles(store, sampleFile("/a", { size: 1 }));
      assertEquals(await knownCount(store, id), 2);
      await removeFiles(store, "/a", "/z");
      assertEquals(await knownCount(store, id), 1);
      await addFiles(store, sampleFile("/a"), sampleFile("/c"));
      assertEquals(await knownCount(store, id), 3);
      assertEquals(await removeCopies(store, id, "/a"), 2);
    },
  },
  {
    name: "a source file that went and came back has its copies again",
    run: async ({ store }) => {
      const id = await store.addMirror(sampleMirror("m"));
      await addFiles(store, sampleFile("/a"));
      await addCopies(store, id, listed("/a", 7, null));
      await removeFiles(store, "/a");
      assertEquals(await store.lookup("/a"), null);
      assertEquals(await allCopies(store, id), [listed("/a", 7, null)]);
      await addFiles(store, sampleFile("/a", { size: 7 }));
      assertEquals(
        await store.lookup("/a"),
        indexed(sampleFile("/a", { size: 7 }), { mirrorId: id, size: 7, modTime: null }),
      );
    },
  },
  {
    name: "updateCopies() of a mirror that is gone writes nothing",
    run: async ({ store }) => {
      const id = await store.addMirror(sampleMirror("m"));
      await addFiles(store, sampleFile("/a"));
      await addCopies(store, id, listed("/a"));
      await store.removeMirror(id);
      await assertRejects(() => addCopies(store, id, listed("/a")), NoSuchMirrorError);
      assertEquals(await store.lookup("/a"), indexed(sampleFile("/a")));
      assertEquals(await allCopies(store, id), []);
    },
  },
];
