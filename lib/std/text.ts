/**
 * What is used of `@std/text`, over npm:fastest-levenshtein. Where JSR can be reached, this line of
 * deno.json puts the real one in: `"@std/text": "jsr:@std/text@1"`.
 *
 * @module
 */
import { distance } from "fastest-levenshtein";

/** How words are compared. */
export interface ClosestStringOptions {
  /** Whether upper and lower case differ. Default: not. */
  readonly caseSensitive?: boolean;
  /** How far two words are apart. Default: {@linkcode levenshteinDistance}. */
  readonly compareFn?: (a: string, b: string) => number;
}

/** Characters to insert, drop or replace to make one text the other. */
export function levenshteinDistance(str1: string, str2: string): number {
  return distance(str1, str2);
}

/**
 * Finds the word that is the least apart from a given one; of several, the first.
 *
 * @throws {TypeError} without any word to find
 */
export function closestString(
  givenWord: string,
  possibleWords: readonly string[],
  { caseSensitive = false, compareFn = levenshteinDistance }: ClosestStringOptions = {},
): string {
  const folded = (word: string): string => caseSensitive ? word : word.toLowerCase();
  const [closest] = possibleWords
    .map((word) => ({ word, apart: compareFn(folded(givenWord), folded(word)) }))
    .sort((a, b) => a.apart - b.apart);
  if (!closest) throw new TypeError("There are no words to find the closest of");
  return closest.word;
}
