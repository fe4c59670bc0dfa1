import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { unicodeWidth } from "@std/cli/unicode-width";
import { foldText } from "../../lib/log/fold_text.ts";

Deno.test("foldText() breaks between words and leaves what fits", () => {
  assertEquals(foldText("one two three", 13), "one two three");
  assertEquals(foldText("one two three", 12), "one two\nthree");
  assertEquals(foldText("one two three four", 10, "  "), "one two\n  three\n  four");
  assertEquals(foldText("a\n\nlong line\n", 5), "a\n\nlong\nline\n");
});

Deno.test("foldText() goes on below where a line begins", () => {
  assertEquals(foldText("  one two three", 9), "  one two\n  three");
  assertEquals(foldText("    \tone two three", 15), "    \tone two\n    \tthree");
});

Deno.test("foldText() keeps long words and commands whole", () => {
  const url = "http://mirror.example.org/a/rather/long/path";
  assertEquals(foldText(`open ${url} now`, 20), `open\n${url}\nnow`);
  assertEquals(foldText("  $ mirrorbits enable m1", 10), "  $ mirrorbits enable m1");
});

Deno.test("foldText() counts columns, where it is told how", () => {
  const text = "東京 大阪 京都";
  assertEquals(foldText(text, 10), text);
  assertEquals(foldText(text, 10, undefined, unicodeWidth), "東京 大阪\n京都");
  assertEquals(foldText("  東京\t大阪 京都", 13, "", unicodeWidth), "  東京\t大阪\n京都");
});

Deno.test("foldText() loses no word, and no line is longer than the longest word", () => {
  const word = fc.stringMatching(/^[a-z]{1,30}$/);
  fc.assert(
    fc.property(
      fc.array(word, { minLength: 1 }),
      fc.integer({ min: 1, max: 60 }),
      (words, width) => {
        const lines = foldText(words.join(" "), width).split("\n");
        assertEquals(lines.join(" "), words.join(" "));
        const longest = Math.max(width, ...words.map((one) => one.length));
        assert(lines.every((line) => line.length <= longest));
      },
    ),
  );
});
