import { assertEquals } from "@std/assert";
import { denoMessage } from "./deno_message.ts";

Deno.test("denoMessage() tells the error and its causes in a line", () => {
  const text =
    "\x1b[1merror\x1b[0m: Cannot write.\n\nCaused by:\n    0: No base.\n    1: No host\n" +
    "    2: DNS\n\nStack backtrace:\n   0: <unknown>\n";
  assertEquals(denoMessage(text), "Cannot write: No base: No host");
  assertEquals(denoMessage("killed"), "killed");
});
