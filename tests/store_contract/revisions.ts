import { assertEquals } from "@std/assert";
import type { FileRevision } from "../../lib/catalog/file_revision.ts";
import type { ContractCase } from "../store_contract.ts";
import { addFiles, ODD_PATHS, removeFiles, sampleFile, TIME } from "./samples.ts";

function revision(replaced: number, changes: Partial<FileRevision> = {}): FileRevision {
  const hashes = { sha256: "ab".repeat(32), sha1: "", md5: "cd".repeat(16) };
  return { replaced, size: replaced % 1000, modTime: replaced - 5, ...hashes, ...changes };
}

/** Former versions of files. */
export const revisionCases: readonly ContractCase[] = [
  {
    name: "revisions() gives back what was added, newest first, and outlives the file",
    run: async ({ store, reader }) => {
      await addFiles(store, ...ODD_PATHS.map((path) => sampleFile(path)));
      const [first, second] = [revision(TIME), revision(TIME + 1, { modTime: null, md5: "" })];
      for (const path of ODD_PATHS) {
        await store.addRevision(path, first, 0);
        await store.addRevision(path, second, 0);
      }
      await removeFiles(store, ...ODD_PATHS);
      for (const path of ODD_PATHS) {
        assertEquals(await store.revisions(path), [second, first]);
        if (reader) assertEquals(await reader.revisions(path), [second, first]);
      }
      assertEquals(await store.revisions("/none"), []);
      assertEquals(await store.forgetRevisions(ODD_PATHS[0]!), 2);
      assertEquals(await store.forgetRevisions(ODD_PATHS[0]!), 0);
      assertEquals(await store.revisions(ODD_PATHS[0]!), []);
      assertEquals((await store.revisions(ODD_PATHS[1]!)).length, 2);
    },
  },
  {
    name: "addRevision() keeps the newest ten, and tells that the file changed",
    run: async ({ store }) => {
      const end = new AbortController();
      const seen = Promise.withResolvers<void>();
      store.watch((change) => {
        if (change.type === "files" && change.paths.includes("/a")) seen.resolve();
      }, end.signal);
      for (let i = 0; i < 13; i++) await store.addRevision("/a", revision(TIME + i), 0);
      await seen.promise;
      end.abort();
      const kept = (await store.revisions("/a")).map(({ replaced }) => replaced - TIME);
      assertEquals(kept, [12, 11, 10, 9, 8, 7, 6, 5, 4, 3]);
    },
  },
];
