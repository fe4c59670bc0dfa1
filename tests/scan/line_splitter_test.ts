import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { LineSplitter } from "../../lib/scan/line_splitter.ts";

function split(chunks: Iterable<Uint8Array>): { lines: string[]; dropped: number } {
  const lines: string[] = [];
  let dropped = 0;
  const splitter = new LineSplitter(
    (line) => lines.push(new TextDecoder("latin1").decode(line)),
    () => dropped++,
  );
  for (const chunk of chunks) splitter.push(chunk);
  splitter.end();
  return { lines, dropped };
}

Deno.test("LineSplitter finds the same lines however the stream is cut", () => {
  const lines = fc.array(fc.stringMatching(/^[ -~]{0,30}$/), { maxLength: 20 });
  fc.assert(fc.property(lines, fc.array(fc.nat({ max: 40 })), (expected, cuts) => {
    const bytes = new TextEncoder().encode(expected.map((line) => line + "\n").join(""));
    const chunks: Uint8Array[] = [];
    let at = 0;
    for (const cut of cuts) chunks.push(bytes.subarray(at, at += cut));
    chunks.push(bytes.subarray(at));
    assertEquals(split(chunks), { lines: expected, dropped: 0 });
  }));
});

Deno.test("LineSplitter gives a last line without line feed", () => {
  assertEquals(split([new TextEncoder().encode("a\nb")]).lines, ["a", "b"]);
});

Deno.test("LineSplitter drops a line of megabytes and keeps those around it", () => {
  const megabytes = new Uint8Array(3_000_000).fill(65);
  const encoder = new TextEncoder();
  for (const size of [1000, 65_536, 3_000_000]) {
    const chunks = [encoder.encode("first\nx")];
    for (let at = 0; at < megabytes.length; at += size) {
      chunks.push(megabytes.subarray(at, at + size));
    }
    chunks.push(encoder.encode("\nlast\n"));
    assertEquals(split(chunks), { lines: ["first", "last"], dropped: 1 });
  }
  const whole = new Uint8Array(40_000).fill(65);
  whole[39_999] = 10;
  const { lines, dropped } = split([whole]);
  assert(lines.length === 0 && dropped === 1);
});
