import { assertEquals } from "@std/assert";
import { cutStart, cutText, textWidth } from "../../../cli/terminal/text_width.ts";

Deno.test("textWidth() counts the columns of a terminal", () => {
  const cases: [text: string, columns: number][] = [
    ["", 0],
    ["abc", 3],
    ["ä", 1],
    ["a\u0308", 1],
    ["日本", 4],
    ["🎉", 2],
    ["a\u200bb", 2],
  ];
  for (const [text, columns] of cases) assertEquals(textWidth(text), columns, text);
});

Deno.test("cutText() and cutStart() keep what fits", () => {
  assertEquals(cutText("abcdef", 6), "abcdef");
  assertEquals(cutText("abcdef", 4), "abc…");
  assertEquals(cutText("日本語", 4), "日…");
  assertEquals(cutText("abc", Infinity), "abc");
  assertEquals(cutStart("abcdef", 4), "…def");
  assertEquals(cutStart("日本語", 5), "…本語");
  assertEquals(cutStart("abc", 0), "…");
});
