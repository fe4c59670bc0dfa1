import { assertEquals } from "@std/assert";
import { unicodeWidth } from "@std/cli/unicode-width";

Deno.test("unicodeWidth() counts the columns of a terminal", () => {
  const cases: [text: string, columns: number][] = [
    ["", 0],
    ["abc", 3],
    ["ä", 1],
    ["a\u0308", 1],
    ["日本", 4],
    ["ｱ", 1],
    ["🎉", 2],
    ["a\u200bb", 2],
  ];
  for (const [text, columns] of cases) assertEquals(unicodeWidth(text), columns, text);
});
