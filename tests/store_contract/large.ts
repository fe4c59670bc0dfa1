import { assert, assertEquals, assertNotEquals } from "@std/assert";
import type { ListedFile, SourceFile } from "../../lib/catalog/file.ts";
import type { ContractCase } from "../store_contract.ts";
import {
  addCopies,
  addFiles,
  allCopies,
  allSourceFiles,
  byPath,
  knownCount,
  listed,
  never,
  sampleFile,
  sampleMirror,
  TIME,
} from "./samples.ts";

const COUNT = 20_000;
const PATHS: readonly string[] = Array.from(
  { length: COUNT },
  (_, i) => `/pool/${i % 100}/package-${i}.deb`,
);

/** Large batches, stopped half-way, and readers meanwhile. */
export const largeCases: readonly ContractCase[] = [
  {
    name: "20 000 files are written, changed, read and removed",
    run: async ({ store }) => {
      const id = await store.addMirror(sampleMirror("m"));
      await addFiles(store, ...PATHS.map((path) => sampleFile(path)));
      assertEquals(await store.countFiles(), COUNT);
      assertEquals(await addCopies(store, id, ...PATHS.map((path) => listed(path))), COUNT);
      assertEquals((await allSourceFiles(store)).length, COUNT);
      const half = PATHS.slice(0, COUNT / 2);
      const known = await store.updateCopies(id, {
        changed: PATHS.slice(COUNT / 2).map((path) => listed(path, 1)),
        removed: half,
      }, never());
      assertEquals(known, COUNT / 2);
      assertEquals(
        await allCopies(store, id),
        PATHS.slice(COUNT / 2).map((path) => listed(path, 1)).sort(byPath),
      );
      await store.updateSource({ changed: [], removed: PATHS.slice(100) }, never());
      assertEquals(await store.countFiles(), 100);
      assertEquals(await knownCount(store, id), 0);
    },
  },
  {
    name: "updateCopies() stopped before the start writes nothing",
    run: async ({ store }) => {
      const id = await store.addMirror(sampleMirror("m"));
      const difference = { changed: [listed("/a")], removed: [] };
      const reason = new Error("Stopped");
      const error = await store.updateCopies(id, difference, AbortSignal.abort(reason))
        .then(() => null, (error) => error);
      assertEquals(error === reason, true);
      assertEquals(await allCopies(store, id), []);
    },
  },
  {
    name: "updateCopies() stopped half-way leaves only true copies, and goes on next time",
    run: async ({ store }) => {
      const id = await store.addMirror(sampleMirror("m"));
      await addFiles(store, ...PATHS.map((path) => sampleFile(path)));
      await addCopies(store, id, ...PATHS.slice(0, 100).map((path) => listed(path, 1, null)));
      const controller = new AbortController();
      const reason = new Error("Stopped");
      const changed = PATHS.map((path, i) =>
        stopAt(listed(path, 2), i === COUNT / 2, () => controller.abort(reason))
      );
      const error = await store.updateCopies(id, { changed, removed: [] }, controller.signal)
        .then(() => null, (error) => error);
      assertEquals(error === reason, true);
      const partly = await allCopies(store, id);
      assertNotEquals(partly.length, COUNT);
      for (const copy of partly) {
        assert(
          (copy.size === 2 && copy.modTime === TIME) || (copy.size === 1 && copy.modTime === null),
        );
        const found = await store.lookup(copy.path);
        assertEquals(found?.copies, [{ mirrorId: id, size: copy.size, modTime: copy.modTime }]);
      }
      assertEquals(await knownCount(store, id), partly.length);
      const whole = PATHS.map((path) => listed(path, 2));
      assertEquals(await addCopies(store, id, ...whole), COUNT);
      assertEquals(await allCopies(store, id), whole.sort(byPath));
    },
  },
  {
    name: "updateSource() stopped half-way leaves only true files, and goes on next time",
    run: async ({ store }) => {
      const controller = new AbortController();
      const reason = new Error("Stopped");
      const changed = PATHS.map((path, i) =>
        stopAt(sampleFile(path), i === COUNT / 2, () => controller.abort(reason))
      );
      const error = await store.updateSource({ changed, removed: [] }, controller.signal)
        .then(() => null, (error) => error);
      assertEquals(error === reason, true);
      const partly = await allSourceFiles(store);
      assertNotEquals(partly.length, COUNT);
      assertEquals(await store.countFiles(), partly.length);
      for (const file of partly) assertEquals(file, sampleFile(file.path));
      const whole: SourceFile[] = PATHS.map((path) => sampleFile(path));
      await addFiles(store, ...whole);
      assertEquals(await allSourceFiles(store), whole.sort(byPath));
    },
  },
  {
    name: "readers meanwhile see the old or the new copy, nothing else, and are not kept waiting",
    run: async ({ store, reader }) => {
      const id = await store.addMirror(sampleMirror("m"));
      await addFiles(store, ...PATHS.map((path) => sampleFile(path)));
      await addCopies(store, id, ...PATHS.map((path) => listed(path, 1, null)));
      let writing = true;
      let seenWhileWriting = 0;
      const readers = Promise.all([0, 1, 2, 3].map(async (first) => {
        for (let i = first; writing; i = (i + 7) % COUNT) {
          const found = await (first % 2 ? reader ?? store : store).lookup(PATHS[i]!);
          assertEquals(found?.copies.length, 1);
          const { size, modTime } = found!.copies[0]!;
          assert((size === 1 && modTime === null) || (size === 2 && modTime === TIME));
          if (writing) seenWhileWriting++;
          await nextTurn();
        }
      }));
      const changed: ListedFile[] = PATHS.map((path) => listed(path, 2));
      assertEquals(await store.updateCopies(id, { changed, removed: [] }, never()), COUNT);
      writing = false;
      await readers;
      assert(seenWhileWriting >= 4, `Readers had ${seenWhileWriting} turns`);
    },
  },
];

/**
 * Stops the writer when it comes to one file: whoever reads the path of that file acts. This does not
 * depend on how fast a store is.
 */
function stopAt<T extends ListedFile>(file: T, here: boolean, stop: () => void): T {
  if (!here) return file;
  return Object.defineProperty({ ...file }, "path", {
    enumerable: true,
    get: () => {
      stop();
      return file.path;
    },
  });
}

/** Waits for the event loop to come round once. */
function nextTurn(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 0));
}
