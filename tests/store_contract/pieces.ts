import { assertEquals } from "@std/assert";
import type { PieceHashes, PieceStamp } from "../../lib/catalog/piece_hashes.ts";
import type { Store } from "../../lib/store/store.ts";
import type { ContractCase } from "../store_contract.ts";
import { addFiles, ODD_PATHS, removeFiles, sampleFile, TIME } from "./samples.ts";

function samplePieces(path: string, changes: Partial<PieceHashes> = {}): PieceHashes {
  return {
    path,
    size: 300_000,
    modTime: TIME + 123,
    sha256: "ab".repeat(32),
    length: 262_144,
    sha1: Uint8Array.from({ length: 40 }, (_, i) => 255 - i),
    root: null,
    layer: null,
    ...changes,
  };
}

async function stampsOf(store: Store): Promise<PieceStamp[]> {
  const all: PieceStamp[] = [];
  for await (const batch of store.pieceStamps()) all.push(...batch);
  return all.sort((a, b) => a.path < b.path ? -1 : 1);
}

/** Hashes of the pieces of files. */
export const pieceCases: readonly ContractCase[] = [
  {
    name: "pieceHashes() gives back what was put, whatever the path and the bytes",
    run: async ({ store, reader }) => {
      const root = Uint8Array.from({ length: 32 }, (_, i) => i);
      const layer = Uint8Array.from({ length: 64 }, (_, i) => i * 4);
      for (const [i, path] of ODD_PATHS.entries()) {
        const changes = i % 2 === 0 ? { root, layer } : { sha256: "" };
        await store.putPieces(samplePieces(path, changes));
        const expected = samplePieces(path, changes);
        assertEquals(await store.pieceHashes(path), expected);
        if (reader) assertEquals(await reader.pieceHashes(path), expected);
      }
      assertEquals(await store.pieceHashes("/none"), null);
      assertEquals((await stampsOf(store)).length, ODD_PATHS.length);
    },
  },
  {
    name: "putPieces() replaces a record wholly, and tells that the file changed",
    run: async ({ store }) => {
      const told: string[] = [];
      const end = new AbortController();
      const seen = Promise.withResolvers<void>();
      store.watch((change) => {
        if (change.type !== "files") return;
        told.push(...change.paths);
        if (told.includes("/b")) seen.resolve();
      }, end.signal);
      await store.putPieces(
        samplePieces("/a", { root: new Uint8Array(32), layer: new Uint8Array() }),
      );
      await store.putPieces(samplePieces("/a", { size: 262_145 }));
      await store.putPieces(samplePieces("/b"));
      await seen.promise;
      end.abort();
      assertEquals(told.includes("/a"), true);
      assertEquals(await store.pieceHashes("/a"), samplePieces("/a", { size: 262_145 }));
      assertEquals(await stampsOf(store), [
        { path: "/a", size: 262_145, modTime: TIME + 123, hybrid: false },
        { path: "/b", size: 300_000, modTime: TIME + 123, hybrid: false },
      ]);
    },
  },
  {
    name: "removing a source file removes the hashes of its pieces",
    run: async ({ store }) => {
      await addFiles(store, sampleFile("/a"), sampleFile("/b"));
      for (const path of ["/a", "/b", "/early"]) await store.putPieces(samplePieces(path));
      await removeFiles(store, "/a");
      assertEquals(await store.pieceHashes("/a"), null);
      assertEquals((await stampsOf(store)).map(({ path }) => path), ["/b", "/early"]);
      await store.removePieces(["/early", "/none"]);
      await store.removePieces([]);
      assertEquals((await stampsOf(store)).map(({ path }) => path), ["/b"]);
    },
  },
];
