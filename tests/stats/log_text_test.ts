import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { quotedLogText } from "../../lib/stats/log_text.ts";

Deno.test("quotedLogText() escapes each character that could forge a field, also where it stands alone", () => {
  const cases = { '"': "x22", "\\": "x5c", "\n": "x0a", "\x7f": "x7f", "\u2028": "u2028" };
  for (const [character, escape] of Object.entries(cases)) {
    assertEquals(quotedLogText(character), `\\${escape}`);
    assertEquals(quotedLogText(`a${character}b`), `a\\${escape}b`);
  }
  assertEquals(quotedLogText("/ünï cødé'.iso"), "/ünï cødé'.iso");
});

Deno.test("quotedLogText() gives text that ends no quotes and can be read back", () => {
  fc.assert(fc.property(fc.string({ unit: "binary" }), (text) => {
    const quoted = quotedLogText(text);
    assertEquals(/["\n\r]|\\(?!x[\da-f]{2}|u[\da-f]{4})/.test(quoted), false);
    const read = quoted.replace(
      /\\(?:x(..)|u(....))/g,
      (_, short, long) => String.fromCharCode(parseInt(short ?? long, 16)),
    );
    assertEquals(read, text);
  }));
});
