import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { createHash } from "node:crypto";
import { zsyncBlock } from "../../lib/catalog/zsync_sums.ts";
import { hasMd4, ZsyncHasher } from "../../lib/scan/zsync_hasher.ts";
import { tempDir } from "../support/temp_dir.ts";

const GIB = 1024 ** 3;

/** Bytes that repeat nowhere soon. */
function sample(size: number): Uint8Array<ArrayBuffer> {
  return Uint8Array.from({ length: size }, (_, i) => (i * 7919 >> 5) ^ (i * 31 >> 11) & 255);
}

Deno.test("zsyncBlock() is the table of the format", () => {
  const table = [[1, 2], [GIB / 2, 2], [GIB / 2 + 1, 4], [GIB, 4], [2 * GIB, 8], [4 * GIB, 16]];
  for (const [size, kib] of [...table, [8 * GIB, 32], [16 * GIB, 64], [100 * GIB, 64]]) {
    assertEquals(zsyncBlock(size!), kib! * 1024);
  }
});

Deno.test("ZsyncHasher computes the sums as they are told, however the bytes come", () => {
  assertEquals(hasMd4(), true);
  for (const size of [1, 2047, 2048, 2049, 100_000]) {
    const bytes = sample(size);
    const expected: number[] = [];
    for (let at = 0; at < size; at += 2048) {
      const block = new Uint8Array(2048);
      block.set(bytes.subarray(at, at + 2048));
      const a = block.reduce((sum, byte) => sum + byte, 0);
      const b = block.reduce((sum, byte, i) => sum + (2048 - i) * byte, 0);
      expected.push(...[a, b].flatMap((sum) => [sum >> 8 & 255, sum & 255]));
      expected.push(...createHash("md4").update(block).digest());
    }
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 9000 }), { maxLength: 20 }), (cuts) => {
        const hasher = new ZsyncHasher(size);
        let at = 0;
        for (const cut of cuts) {
          hasher.update(bytes.subarray(at, at + cut));
          at += cut;
        }
        hasher.update(bytes.subarray(at));
        const { block, sha1, sums } = hasher.finish();
        assertEquals([block, [...sums]], [2048, expected]);
        assertEquals(sha1, createHash("sha1").update(bytes).digest("hex"));
      }),
      { numRuns: 5 },
    );
  }
});

Deno.test("the sums are those of zsyncmake", async () => {
  await using directory = await tempDir();
  const bytes = sample(300_001);
  const file = `${directory.path}/a`;
  await Deno.writeFile(file, bytes);
  const { success } = await new Deno.Command("zsyncmake", {
    args: ["-b", "2048", "-e", "-u", "http://127.0.0.1/a", "-o", `${file}.zsync`, file],
  }).output();
  assertEquals(success, true);
  const made = await Deno.readFile(`${file}.zsync`);
  const text = new TextDecoder("latin1").decode(made);
  const [, from, weak, strong] = /^Hash-Lengths: (\d),(\d),(\d+)$/m.exec(text)!.map(Number);
  assertEquals(from! > 0, true);
  const records = made.subarray(text.indexOf("\n\n") + 2);
  const hasher = new ZsyncHasher(bytes.length);
  hasher.update(bytes);
  const { sums } = hasher.finish();
  // It writes the last bytes of the weak sum, and the first of the strong one.
  const cut: number[] = [];
  for (let at = 0; at < sums.length; at += 20) {
    cut.push(...sums.subarray(at + 4 - weak!, at + 4), ...sums.subarray(at + 4, at + 4 + strong!));
  }
  assertEquals([...records], cut);
});
