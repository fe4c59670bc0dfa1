import { assertEquals } from "@std/assert";
import { TextLog } from "../../lib/log/text_log.ts";

const now = (): number => Date.UTC(2026, 10, 22, 15, 4, 5, 7);

function record(options: { debug?: boolean; colour?: boolean } = {}): [TextLog, string[]] {
  const lines: string[] = [];
  return [new TextLog({ write: (text) => lines.push(text), now, ...options }), lines];
}

Deno.test("TextLog writes one line with the time in UTC for each message", () => {
  const [log, lines] = record();
  log.info("Listening on 127.0.0.1:8080");
  log.warn("Slow disk");
  log.error("Cannot read");
  log.debug("Never seen");
  assertEquals(lines, [
    "2026/11/22 15:04:05.007 UTC Listening on 127.0.0.1:8080\n",
    "2026/11/22 15:04:05.007 UTC Warning: Slow disk\n",
    "2026/11/22 15:04:05.007 UTC Error: Cannot read\n",
  ]);
});

Deno.test("TextLog shows debug messages when asked to", () => {
  const [log, lines] = record({ debug: true });
  log.debug("Seen");
  assertEquals(lines, ["2026/11/22 15:04:05.007 UTC Seen\n"]);
});

Deno.test("TextLog escapes control characters, so that one message is one line", () => {
  const [log, lines] = record();
  log.info("a\nb\x1b[31mc");
  assertEquals(lines, ["2026/11/22 15:04:05.007 UTC a\\x0ab\\x1b[31mc\n"]);
});

Deno.test("TextLog colours warnings and errors on a terminal only", () => {
  const [log, lines] = record({ colour: true });
  log.info("plain");
  log.error("red");
  assertEquals(lines, [
    "2026/11/22 15:04:05.007 UTC plain\n",
    "2026/11/22 15:04:05.007 UTC \x1b[31mError: red\x1b[0m\n",
  ]);
});
