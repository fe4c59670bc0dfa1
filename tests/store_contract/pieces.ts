import { assert, assertEquals } from "@std/assert";
import type { PieceStamp } from "../../lib/catalog/piece_hashes.ts";
import {
  type PieceRecord,
  ZSYNC_PART,
  zsyncBlock,
  type ZsyncHead,
  type ZsyncSums,
} from "../../lib/catalog/zsync_sums.ts";
import type { Store } from "../../lib/store/store.ts";
import type { ContractCase } from "../store_contract.ts";
import { addFiles, ODD_PATHS, removeFiles, sampleFile, TIME } from "./samples.ts";

function samplePieces(path: string, changes: Partial<PieceRecord> = {}): PieceRecord {
  return {
    path,
    size: 300_000,
    modTime: TIME + 123,
    sha256: "ab".repeat(32),
    length: 262_144,
    sha1: Uint8Array.from({ length: 40 }, (_, i) => 255 - i),
    root: null,
    layer: null,
    zsync: null,
    ...changes,
  };
}

/** Sums of more than one part, with every byte. */
function sampleZsync(): ZsyncSums {
  const sums = Uint8Array.from({ length: 20 * 14_000 }, (_, i) => (i * 31 >> 3) & 255);
  return { block: 2048, sha1: "cd".repeat(20), sums };
}

/** As many bytes as have 14 000 blocks. */
const BLOCKS = { size: 2048 * 14_000 - 5, sha1: new Uint8Array(20 * 110) };

/** A file with so many sums that they are written in steps, all of the same bytes. */
function manySums(path: string, fill: number): PieceRecord {
  const sums = new Uint8Array(30 * ZSYNC_PART).fill(fill);
  const size = Math.floor(64 * 1024 * (sums.length / 20));
  const zsync = { block: zsyncBlock(size), sha1: `${fill}`.repeat(40), sums };
  const length = 16_777_216;
  const sha1 = new Uint8Array(20 * Math.ceil(size / length));
  return samplePieces(path, { size, modTime: fill, length, sha1, zsync });
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
        const { zsync: _none, ...expected } = samplePieces(path, changes);
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
      const { zsync: _none, ...expected } = samplePieces("/a", { size: 262_145 });
      assertEquals(await store.pieceHashes("/a"), expected);
      assertEquals(await stampsOf(store), [
        { path: "/a", size: 262_145, modTime: TIME + 123, hybrid: false, zsync: false },
        { path: "/b", size: 300_000, modTime: TIME + 123, hybrid: false, zsync: false },
      ]);
    },
  },
  {
    name: "zsyncPart() gives back what was put, part by part, of this version only",
    run: async ({ store, reader }) => {
      const zsync = sampleZsync();
      for (const path of ODD_PATHS) {
        await store.putPieces(samplePieces(path, { ...BLOCKS, zsync }));
        for (const each of reader ? [store, reader] : [store]) {
          const head = await each.zsyncHead(path) as ZsyncHead;
          assertEquals(head, {
            path,
            size: BLOCKS.size,
            modTime: TIME + 123,
            sha256: "ab".repeat(32),
            block: 2048,
            sha1: zsync.sha1,
          });
          assertEquals(await each.zsyncPart(head, 0), zsync.sums.slice(0, ZSYNC_PART));
          assertEquals(await each.zsyncPart(head, 1), zsync.sums.slice(ZSYNC_PART));
          assertEquals(await each.zsyncPart(head, 2), null);
          for (const other of [{ size: 1 }, { modTime: 1 }, { sha1: "00".repeat(20) }]) {
            assertEquals(await each.zsyncPart({ ...head, ...other }, 0), null);
          }
        }
      }
      assertEquals(await store.zsyncHead("/none"), null);
      assertEquals((await stampsOf(store)).every((stamp) => stamp.zsync), true);
      const [path] = ODD_PATHS as [string];
      const head = await store.zsyncHead(path) as ZsyncHead;
      await store.putPieces(samplePieces(path));
      assertEquals([await store.zsyncHead(path), await store.zsyncPart(head, 0)], [null, null]);
      assertEquals((await stampsOf(store)).filter((stamp) => !stamp.zsync).length, 1);
    },
  },
  {
    name: "while many sums are written, what was there is served, and others have their turn",
    run: async ({ store, reader }) => {
      await store.putPieces(manySums("/a", 1));
      let writing = true;
      const written = store.putPieces(manySums("/a", 2)).finally(() => writing = false);
      let before = 0;
      while (writing) {
        await new Promise((resolve) => setTimeout(resolve, 0));
        for (const each of reader ? [store, reader] : [store]) {
          const head = await each.zsyncHead("/a") as ZsyncHead;
          assertEquals(head.sha1, `${head.modTime}`.repeat(40));
          for (const part of [0, 29]) {
            const sums = await each.zsyncPart(head, part);
            // Replaced between the two questions.
            if (sums === null) assertEquals(head.modTime, 1);
            else assertEquals(sums, new Uint8Array(ZSYNC_PART).fill(head.modTime));
          }
          const { modTime } = (await each.pieceHashes("/a"))!;
          assert(modTime >= head.modTime);
          if (modTime === 1) before++;
        }
      }
      await written;
      assert(before > 2, `${before}`);
      const head = await store.zsyncHead("/a") as ZsyncHead;
      assertEquals(head.modTime, 2);
      for (let part = 0; part < 30; part++) {
        assertEquals(await store.zsyncPart(head, part), new Uint8Array(ZSYNC_PART).fill(2));
      }
      // Two at once for one file, as a scan and a backlog may write them.
      await Promise.all([3, 4].map((fill) => store.putPieces(manySums("/a", fill))));
      const last = await store.zsyncHead("/a") as ZsyncHead;
      assertEquals((await store.pieceHashes("/a"))!.modTime, last.modTime);
      for (let part = 0; part < 30; part++) {
        const sums = new Uint8Array(ZSYNC_PART).fill(last.modTime);
        assertEquals(await store.zsyncPart(last, part), sums);
      }
    },
  },
  {
    name: "removing a source file removes the hashes of its pieces",
    run: async ({ store }) => {
      await addFiles(store, sampleFile("/a"), sampleFile("/b"));
      const zsync = sampleZsync();
      for (const path of ["/a", "/b", "/early"]) {
        await store.putPieces(samplePieces(path, { ...BLOCKS, zsync }));
      }
      const head = await store.zsyncHead("/a") as ZsyncHead;
      await removeFiles(store, "/a");
      assertEquals(await store.pieceHashes("/a"), null);
      assertEquals([await store.zsyncHead("/a"), await store.zsyncPart(head, 0)], [null, null]);
      assertEquals((await stampsOf(store)).map(({ path }) => path), ["/b", "/early"]);
      await store.removePieces(["/early", "/none"]);
      await store.removePieces([]);
      assertEquals((await stampsOf(store)).map(({ path }) => path), ["/b"]);
    },
  },
];
