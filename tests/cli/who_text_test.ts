import { assertEquals } from "@std/assert";
import { whoText } from "../../cli/who_text.ts";

Deno.test("whoText() names people, and addresses of other machines", () => {
  const cases: [by: string | undefined, text: string][] = [
    ["ops", " (by ops)"],
    ["192.0.2.7", " (by 192.0.2.7)"],
    ["2001:db8::1", " (by 2001:db8::1)"],
    ["127.example", " (by 127.example)"],
    ["127.0.0.1", ""],
    ["::ffff:127.0.0.1", ""],
    ["::1", ""],
    [undefined, ""],
  ];
  for (const [by, text] of cases) assertEquals(whoText(by), text, by);
});
