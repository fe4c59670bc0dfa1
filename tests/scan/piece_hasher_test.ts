import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { createHash } from "node:crypto";
import { pieceLength } from "../../lib/catalog/piece_length.ts";
import { PieceHasher } from "../../lib/scan/piece_hasher.ts";

const KIB = 1024;
const GIB = 1024 ** 3;

Deno.test("pieceLength() is the table of the format", () => {
  const table = [
    ...[[1, 256], [GIB / 2, 256], [GIB / 2 + 1, 512], [GIB, 512], [2 * GIB, 1024]],
    ...[[4 * GIB, 2048], [8 * GIB, 4096], [16 * GIB, 8192], [32 * GIB, 16_384], [
      100 * GIB,
      16_384,
    ]],
  ] as const;
  for (const [size, kib] of table) assertEquals(pieceLength(size!), kib! * KIB);
});

const sha256 = (...parts: Uint8Array[]): Uint8Array => {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(part);
  return Uint8Array.from(hash.digest());
};

/** The tree as BEP 52 tells it, all leaves at once. */
function tree(bytes: Uint8Array, piece: number): { root: Uint8Array; layer: Uint8Array } {
  let level: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; at += 16 * KIB) {
    level.push(sha256(bytes.subarray(at, at + 16 * KIB)));
  }
  const pieces = Math.ceil(bytes.length / piece);
  let width = 1;
  while (width < level.length) width *= 2;
  if (pieces > 1) width = Math.max(width, piece / (16 * KIB));
  while (level.length < width) level.push(new Uint8Array(32));
  let layer = new Uint8Array();
  while (level.length > 1) {
    if (pieces > 1 && level.length === width / (piece / (16 * KIB))) {
      layer = Uint8Array.from(level.slice(0, pieces).flatMap((node) => [...node]));
    }
    level = Array.from(
      { length: level.length / 2 },
      (_, i) => sha256(level[2 * i]!, level[2 * i + 1]!),
    );
  }
  return { root: level[0]!, layer };
}

Deno.test("PieceHasher hashes pieces and the tree of BEP 52, however the bytes come", () => {
  const sizes = [1, 1700, 16_384, 16_385, 49_152, 262_143, 262_144, 262_145, 524_288, 700_123];
  for (const size of sizes) {
    const bytes = Uint8Array.from({ length: size }, (_, i) => (i * 7919 >> 5) & 255);
    const expected: number[] = [];
    for (let at = 0; at < size; at += 262_144) {
      const hash = createHash("sha1").update(bytes.subarray(at, at + 262_144));
      expected.push(...hash.digest());
    }
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 400_000 }), { maxLength: 8 }), (cuts) => {
        const hasher = new PieceHasher(size, true);
        let at = 0;
        for (const cut of cuts) {
          hasher.update(bytes.subarray(at, at + cut));
          at += cut;
        }
        hasher.update(bytes.subarray(at));
        const { length, sha1, root, layer } = hasher.finish();
        assertEquals([length, [...sha1]], [262_144, expected]);
        assertEquals<unknown>({ root, layer }, tree(bytes, 262_144));
      }),
      { numRuns: 5 },
    );
  }
  const { root, layer } = new PieceHasher(5, false).finish();
  assertEquals([root, layer], [null, null]);
});
