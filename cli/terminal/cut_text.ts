import { unicodeWidth } from "@std/cli/unicode-width";

/** Takes a text apart into what a reader sees as one character: a letter with its marks, an emoji. */
const CHARACTERS = new Intl.Segmenter();

/**
 * Cuts a text off where the room ends.
 *
 * @param width columns
 * @returns the text, or its beginning with `…` behind it
 */
export function cutText(text: string, width: number): string {
  if (unicodeWidth(text) <= width) return text;
  return `${fitting(charactersOf(text), width - 1).join("")}…`;
}

/**
 * Cuts the beginning of a text off: the end of a path tells more.
 *
 * @param width columns
 * @returns the text, or its end with `…` before it
 */
export function cutStart(text: string, width: number): string {
  if (unicodeWidth(text) <= width) return text;
  return `…${fitting(charactersOf(text).reverse(), width - 1).reverse().join("")}`;
}

function charactersOf(text: string): string[] {
  return Array.from(CHARACTERS.segment(text), ({ segment }) => segment);
}

/** The first characters that fit into some columns. */
function fitting(characters: readonly string[], width: number): string[] {
  let used = 0;
  const end = characters.findIndex((character) => (used += unicodeWidth(character)) > width);
  return characters.slice(0, end === -1 ? characters.length : end);
}
