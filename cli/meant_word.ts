import { nearest } from "../lib/config/nearest.ts";

/**
 * Finds the word that somebody meant: the only one that begins so, or the nearest.
 *
 * @param word what was written
 * @param words what could have been written
 * @returns `null` when nobody can tell
 */
export function meantWord(word: string, words: readonly string[]): string | null {
  const begun = words.filter((one) => one.startsWith(word.toLowerCase()));
  return begun.length === 1 && word !== "" ? begun[0]! : nearest(word, words);
}
