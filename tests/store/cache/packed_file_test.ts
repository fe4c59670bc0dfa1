import { assert, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import type { FileCopy, IndexedFile } from "../../../lib/catalog/file.ts";
import { packFile } from "../../../lib/store/cache/packed_file.ts";
import { unpackFile } from "../../../lib/store/cache/unpacked_file.ts";

const size = fc.oneof(fc.nat(2000), fc.maxSafeNat(), fc.constant(2 ** 53));
const modTime = fc.oneof(
  fc.constantFrom(null, 0, -1, 1_700_000_000_000),
  // Negative zero is no time of its own.
  fc.double({ noNaN: true }).map((time) => time + 0),
  fc.integer({ min: 0, max: 2 ** 42 }),
);
const hash = (length: number) =>
  fc.oneof(
    fc.constant(""),
    fc.string({
      unit: fc.constantFrom(..."0123456789abcdef"),
      minLength: length,
      maxLength: length,
    }),
    fc.string({ unit: "grapheme" }),
  );
const file = fc.record({
  path: fc.string({ unit: "grapheme" }).map((text) => `/${text}`),
  size,
  modTime,
  sha1: hash(40),
  sha256: hash(64),
  md5: hash(32),
}, { noNullPrototype: true });
const copy = fc.record({
  mirrorId: fc.oneof(fc.nat(300), fc.maxSafeNat()),
  size,
  modTime,
}, { noNullPrototype: true });

/** Unpacks from the middle of something larger, which is used again later, as in the cache. */
function roundTrip(indexed: IndexedFile): IndexedFile {
  const packed = packFile(indexed);
  const around = new Uint8Array(packed.length + 14).fill(255);
  around.set(packed, 7);
  const unpacked = unpackFile(indexed.file.path, around.subarray(7, 7 + packed.length));
  around.fill(255);
  return { file: unpacked.file, copies: unpacked.copies };
}

function sample(copies: readonly FileCopy[]): IndexedFile {
  const file = {
    path: "/pool/a b.iso",
    size: 5e9,
    modTime: 1_700_000_000_123.456,
    sha1: "",
    sha256: "ab".repeat(32),
    md5: "",
  };
  return { file, copies };
}

Deno.test("unpackFile() gives what packFile() took", () => {
  fc.assert(fc.property(
    file,
    fc.array(copy, { maxLength: 40 }),
    fc.array(fc.nat(300), { maxLength: 40 }),
    (file, others, same) => {
      const { size, modTime } = file;
      const copies = [...others, ...same.map((mirrorId) => ({ mirrorId, size, modTime }))];
      const indexed = { file, copies };
      const unpacked = roundTrip(indexed);
      assertEquals(unpacked, indexed);
      assertEquals(JSON.stringify(unpacked), JSON.stringify(indexed));
    },
  ));
});

Deno.test("unpackFile() gives back a thousand copies, alike or all different", () => {
  const ids = Array.from({ length: 1000 }, (_, i) => i + 1);
  const { size, modTime } = sample([]).file;
  const alike = sample(ids.map((mirrorId) => ({ mirrorId, size, modTime })));
  assertEquals(roundTrip(alike), alike);
  const different = sample(ids.map((id) => ({ mirrorId: id, size: id, modTime: id + 0.5 })));
  assertEquals(roundTrip(different), different);
  assertEquals(roundTrip(sample([])), sample([]));
});

Deno.test("packFile() takes two bytes for a copy like others", () => {
  const copies = Array.from({ length: 50 }, (_, i) => ({
    mirrorId: i + 1,
    size: 5e9,
    modTime: i % 2 === 0 ? 1_700_000_000_123.456 : 1_700_000_000_000,
  }));
  const { length } = packFile(sample(copies));
  assert(length <= 64 + 2 * 16 + 2 * 50 + 8, `It takes ${length} bytes`);
});

Deno.test("unpackFile() refuses bytes that packFile() did not make, and ends", () => {
  for (const bytes of [new Uint8Array(), new Uint8Array(5), new Uint8Array(100).fill(255)]) {
    assertThrows(() => unpackFile("/a", bytes), RangeError);
  }
});
