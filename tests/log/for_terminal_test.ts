import { assertEquals } from "@std/assert";
import { forTerminal } from "../../lib/log/for_terminal.ts";

const LINE =
  "2026/11/22 15:04:05.000 UTC Store: SQLite 3.53 at /var/lib/mirrorbits/mirrorbits.db, 0 mirrors, 0 files\n";

Deno.test("forTerminal() goes on below where the message begins", () => {
  assertEquals(
    forTerminal(LINE, 80),
    "2026/11/22 15:04:05.000 UTC Store: SQLite 3.53 at\n" +
      `${" ".repeat(28)}/var/lib/mirrorbits/mirrorbits.db, 0 mirrors, 0\n${" ".repeat(28)}files\n`,
  );
  assertEquals(forTerminal(LINE, 160), LINE);
});

Deno.test("forTerminal() leaves lines to a terminal that has no room", () => {
  assertEquals(forTerminal(LINE, 60), LINE);
});
