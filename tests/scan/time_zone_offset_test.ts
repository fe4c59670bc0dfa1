import { assertEquals } from "@std/assert";
import type { IndexedFile } from "../../lib/catalog/file.ts";
import { detectTimeZoneOffset } from "../../lib/scan/time_zone_offset.ts";
import { fakeFile } from "../support/fake_store.ts";

const HOUR = 3_600_000;
const TIME = 1_700_000_000_700;

/** Files whose copies are `offset` behind the source; `values` replace parts of some copies. */
function sample(count: number, offset: number): IndexedFile[] {
  return Array.from({ length: count }, (_, index) => {
    const time = TIME + index * 1_234_567;
    return {
      file: fakeFile(`/${index}`, { size: 5, modTime: time }),
      copies: [
        { mirrorId: 1, size: 5, modTime: 0 },
        { mirrorId: 2, size: 5, modTime: Math.floor((time - offset) / 1000) * 1000 },
      ],
    };
  });
}

const broken = (
  file: IndexedFile,
  copy: { size?: number; modTime?: number | null },
): IndexedFile => ({
  file: file.file,
  copies: [{ ...file.copies[1]!, ...copy }],
});

Deno.test("detectTimeZoneOffset() finds the difference, truncated to the precision", () => {
  for (const offset of [0, 2 * HOUR, -2 * HOUR, 5.5 * HOUR]) {
    assertEquals(detectTimeZoneOffset(2, sample(28, offset), 1000), offset);
  }
});

Deno.test("detectTimeZoneOffset() needs ten files", () => {
  assertEquals(detectTimeZoneOffset(2, sample(9, HOUR), 1000), null);
  assertEquals(detectTimeZoneOffset(2, sample(10, HOUR), 1000), HOUR);
});

Deno.test("detectTimeZoneOffset() needs half of the sample with equal sizes and known times", () => {
  const files = sample(40, HOUR);
  const enough = files.map((file, index) => index < 20 ? broken(file, { size: 6 }) : file);
  assertEquals(detectTimeZoneOffset(2, enough, 1000), HOUR);
  const tooFew = enough.map((file, index) => index === 20 ? broken(file, { modTime: null }) : file);
  assertEquals(detectTimeZoneOffset(2, tooFew, 1000), null);
});

Deno.test("detectTimeZoneOffset() needs nine of ten that agree", () => {
  const files = sample(20, -HOUR);
  const withBad = (bad: number): IndexedFile[] =>
    files.map((file, index) => index < bad ? broken(file, { modTime: 1000 * index }) : file);
  assertEquals(detectTimeZoneOffset(2, withBad(2), 1000), -HOUR);
  assertEquals(detectTimeZoneOffset(2, withBad(3), 1000), null);
});
