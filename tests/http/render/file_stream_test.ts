import { assertEquals } from "@std/assert";
import { fileStream } from "../../../lib/http/render/file_stream.ts";
import { FakeClock } from "../../support/fake_clock.ts";

/** A stream over a file of so many bytes, with what came of it. */
function streamOf(size: number, length: number, next = () => Promise.resolve()) {
  const clock = new FakeClock();
  const came: string[] = [];
  let at = 0;
  const stream = fileStream({
    file: {
      size,
      modTime: null,
      seek: () => Promise.resolve(),
      read: (into) => {
        const count = Math.min(into.length, size - at);
        at += count;
        return Promise.resolve(count === 0 ? null : count);
      },
      [Symbol.dispose]: () => void came.push("closed"),
    },
    length,
    sending: { part: 100, next, [Symbol.dispose]: () => void came.push("given back") },
    clock,
    broken: (reason) => came.push(reason),
    cut: () => came.push("cut"),
  });
  return { stream, clock, came };
}

Deno.test("fileStream() sends so many bytes, and reads none before they are asked for", async () => {
  const { stream, clock, came } = streamOf(1000, 250);
  assertEquals((await new Response(stream).bytes()).length, 250);
  assertEquals(came, ["given back", "closed"]);
  assertEquals(clock.waiting, 0);
});

Deno.test("fileStream() ends where the file does", async () => {
  const { stream, clock, came } = streamOf(120, 250);
  assertEquals((await new Response(stream).bytes()).length, 120);
  assertEquals(came, ["It ended 130 bytes too early", "given back", "closed"]);
  assertEquals(clock.waiting, 0);
});

Deno.test("fileStream() has a reader cut that takes nothing, and goes on with one that does", async () => {
  const { stream, clock, came } = streamOf(1000, 1000);
  const reader = stream.getReader();
  for (let i = 0; i < 5; i++) {
    await clock.advance(29_000);
    assertEquals((await reader.read()).value?.length, 100);
  }
  assertEquals(came, []);
  await clock.advance(30_000);
  assertEquals(came, ["The reader took nothing for 30 s", "cut"]);
  // Its place is taken until it is gone.
  await clock.advance(30_000);
  assertEquals(came.slice(2), ["The reader took nothing for 60 s", "cut"]);
  await reader.cancel();
  assertEquals(came.slice(4), ["given back", "closed"]);
  assertEquals(clock.waiting, 0);
});

Deno.test("fileStream() does not blame a reader for what it has to wait for", async () => {
  const waiting = Promise.withResolvers<void>();
  const { stream, clock, came } = streamOf(1000, 1000, () => waiting.promise);
  const reader = stream.getReader();
  const read = reader.read();
  await clock.advance(100_000);
  assertEquals(came, []);
  waiting.resolve();
  assertEquals((await read).value?.length, 100);
  await reader.cancel();
});
