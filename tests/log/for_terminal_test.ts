import { assertEquals } from "@std/assert";
import { unicodeWidth } from "@std/cli/unicode-width";
import { forTerminal } from "../../lib/log/for_terminal.ts";

const LINE =
  "2026/11/22 15:04:05.000 UTC Store: SQLite 3.53 at /var/lib/mirrorbits/mirrorbits.db, 0 mirrors, 0 files\n";

Deno.test("forTerminal() goes on below where the message begins", () => {
  assertEquals(
    forTerminal(LINE, 80, unicodeWidth),
    "2026/11/22 15:04:05.000 UTC Store: SQLite 3.53 at\n" +
      `${" ".repeat(28)}/var/lib/mirrorbits/mirrorbits.db, 0 mirrors, 0\n${" ".repeat(28)}files\n`,
  );
  assertEquals(forTerminal(LINE, 160, unicodeWidth), LINE);
});

Deno.test("forTerminal() leaves lines to a terminal that has no room", () => {
  assertEquals(forTerminal(LINE, 60, unicodeWidth), LINE);
});

Deno.test("forTerminal() counts columns, not characters", () => {
  const line = "2026/11/22 15:04:05.000 UTC Scan of 東京大学の情報基盤と国立天文台 is done\n";
  assertEquals(line.length < 72, true);
  assertEquals(
    forTerminal(line, 72, unicodeWidth),
    `${line.trimEnd().slice(0, -" done".length)}\n${" ".repeat(28)}done\n`,
  );
});
