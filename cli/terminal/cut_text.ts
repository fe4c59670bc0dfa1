import type { TextWidth } from "./text_width.ts";

/**
 * Cuts a text off where the room ends.
 *
 * @param width columns
 * @param widthOf what tells the widths of this text and its parts
 * @returns the text, or its beginning with `…` behind it
 */
export function cutText(text: string, width: number, widthOf: TextWidth): string {
  if (widthOf(text) <= width) return text;
  return `${fitting(charactersOf(text), width - 1, widthOf).join("")}…`;
}

/**
 * Cuts the beginning of a text off: the end of a path tells more.
 *
 * @param width columns
 * @param widthOf what tells the widths of this text and its parts
 * @returns the text, or its end with `…` before it
 */
export function cutStart(text: string, width: number, widthOf: TextWidth): string {
  if (widthOf(text) <= width) return text;
  return `…${fitting(charactersOf(text).reverse(), width - 1, widthOf).reverse().join("")}`;
}

/** Takes a text apart into what a reader sees as one character: a letter with its marks, an emoji. */
function charactersOf(text: string): string[] {
  // What knows of scripts takes long to load.
  if (/^[ -~]*$/.test(text)) return [...text];
  return Array.from(new Intl.Segmenter().segment(text), ({ segment }) => segment);
}

/** The first characters that fit into some columns. */
function fitting(
  characters: readonly string[],
  width: number,
  widthOf: TextWidth,
): string[] {
  let used = 0;
  const end = characters.findIndex((character) => (used += widthOf(character)) > width);
  return characters.slice(0, end === -1 ? characters.length : end);
}
