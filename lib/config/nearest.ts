import { closestString, levenshteinDistance } from "@std/text";

/**
 * Finds what somebody who misspelt a word may have meant.
 *
 * @param word what was written
 * @param candidates what could have been written
 * @returns the candidate with the fewest typing mistakes between them, upper and lower case aside;
 *   `null` when more than a third of the word would be wrong
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(nearest("OutputMod", ["OutputMode", "Gzip"]), "OutputMode");
 * assertEquals(nearest("Colour", ["OutputMode", "Gzip"]), null);
 * ```
 */
export function nearest(word: string, candidates: Iterable<string>): string | null {
  const words = [...candidates];
  if (words.length === 0) return null;
  const closest = closestString(word, words, { compareFn: typingMistakes });
  const allowed = Math.max(1, Math.floor(word.length / 3));
  const mistakes = typingMistakes(word.toLowerCase(), closest.toLowerCase());
  return mistakes <= allowed ? closest : null;
}

/** Letters to insert, drop or replace to make one word the other; two that changed places are one. */
function typingMistakes(written: string, meant: string): number {
  const letters = [...written];
  let swaps = 0;
  for (let i = 0; i + 1 < letters.length; i++) {
    const [here, next] = [letters[i]!, letters[i + 1]!];
    if (here === next || here !== meant[i + 1] || next !== meant[i]) continue;
    [letters[i], letters[i + 1]] = [next, here];
    swaps++;
  }
  const others = levenshteinDistance(letters.join(""), meant);
  return Math.min(swaps + others, levenshteinDistance(written, meant));
}
