import { assertEquals, assertThrows } from "@std/assert";
import { closestString, levenshteinDistance } from "@std/text";

Deno.test("levenshteinDistance() counts what is to be changed", () => {
  assertEquals(levenshteinDistance("kitten", "sitting"), 3);
  assertEquals(levenshteinDistance("", "abc"), 3);
});

Deno.test("closestString() finds the word that is the least apart", () => {
  assertEquals(closestString("lst", ["remove", "list", "logs"]), "list");
  assertEquals(closestString("LST", ["LIGHT", "list"]), "list");
  assertEquals(closestString("ab", ["AB", "ac"], { caseSensitive: true }), "ac");
  assertEquals(closestString("a", ["x", "y"]), "x", "the first of several");
  const longest = (_: string, word: string): number => -word.length;
  assertEquals(closestString("a", ["a", "abc", "ab"], { compareFn: longest }), "abc");
  assertThrows(() => closestString("a", []));
});
