import { systemClock } from "../../lib/daemon/system_clock.ts";
import { assertEquals, assertMatch } from "@std/assert";
import { StandardError } from "../../lib/process/standard_error.ts";

/** A stream whose reader takes some bytes at a time, and none while it is away. */
class Reader {
  text = "";
  #back: PromiseWithResolvers<void> | null = null;

  goAway(): void {
    this.#back = Promise.withResolvers();
  }

  comeBack(): void {
    this.#back?.resolve();
    this.#back = null;
  }

  async write(bytes: Uint8Array): Promise<number> {
    await this.#back?.promise;
    const taken = bytes.subarray(0, 4096);
    this.text += new TextDecoder().decode(taken);
    return taken.length;
  }
}

Deno.test("StandardError writes lines in their order, and flush() waits for them", async () => {
  const reader = new Reader();
  const stderr = new StandardError(systemClock, reader);
  stderr.write("one\n");
  stderr.write("two\n");
  await stderr.flush();
  stderr.write("three\n");
  await stderr.flush();
  assertEquals(reader.text, "one\ntwo\nthree\n");
});

Deno.test("StandardError waits for a reader that is away in no thread, and not for ever", async () => {
  const reader = new Reader();
  reader.goAway();
  const stderr = new StandardError(systemClock, reader);
  const line = `${"x".repeat(99)}\n`;
  for (let count = 0; count < 12_000; count++) stderr.write(line);
  await stderr.flush();
  assertEquals(reader.text, "");
  reader.comeBack();
  await stderr.flush();
  assertMatch(
    reader.text,
    /^(x{99}\n){10000}2000 lines of the log were dropped, since nobody read standard error\n$/,
  );
  stderr.write("again\n");
  await stderr.flush();
  assertEquals(reader.text.endsWith("\nagain\n"), true);
});

Deno.test("StandardError goes on without a stream that was closed", async () => {
  const stderr = new StandardError(systemClock, {
    write: () => Promise.reject(new Error("Broken pipe")),
  });
  stderr.write("one\n");
  await stderr.flush();
  stderr.write("two\n");
  await stderr.flush();
});
