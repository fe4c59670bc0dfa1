import { assertEquals } from "@std/assert";
import { unicodeWidth } from "@std/cli/unicode-width";
import * as cut from "../../../cli/terminal/cut_text.ts";

const cutText = (text: string, width: number): string => cut.cutText(text, width, unicodeWidth);
const cutStart = (text: string, width: number): string => cut.cutStart(text, width, unicodeWidth);

Deno.test("cutText() and cutStart() keep what fits", () => {
  assertEquals(cutText("abcdef", 6), "abcdef");
  assertEquals(cutText("abcdef", 4), "abc…");
  assertEquals(cutText("日本語", 4), "日…");
  assertEquals(cutText("abc", Infinity), "abc");
  assertEquals(cutStart("abcdef", 4), "…def");
  assertEquals(cutStart("日本語", 5), "…本語");
  assertEquals(cutStart("abc", 0), "…");
});

Deno.test("cutText() and cutStart() part no letter from its marks, and no emoji", () => {
  assertEquals(cutText("a\u0308bc", 2), "a\u0308…");
  assertEquals(cutStart("xa\u0308b", 3), "xa\u0308b");
  assertEquals(cutStart("xxa\u0308b", 3), "…a\u0308b");
  assertEquals(cutText("👩‍🚀abc", 3), "👩‍🚀…");
  assertEquals(cutText("👩‍🚀abc", 2), "…");
});
