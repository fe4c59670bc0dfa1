/** Characters that take no column of their own: marks, joiners. */
const NARROWER = /[\p{Mn}\p{Me}\p{Cf}]/u;

/** Characters that take two columns: East Asian scripts, and emoji (Unicode Annex 11). */
const WIDER =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1f64f}\u{1f680}-\u{1f6ff}\u{1f900}-\u{1f9ff}\u{20000}-\u{3fffd}]/u;

/** Columns that a text takes on a terminal. */
export function textWidth(text: string): number {
  let width = 0;
  for (const character of text) width += characterWidth(character);
  return width;
}

/**
 * Cuts a text off where the room ends.
 *
 * @param width columns
 * @returns the text, or its beginning with `…` behind it
 */
export function cutText(text: string, width: number): string {
  if (textWidth(text) <= width) return text;
  let kept = "";
  let used = 1;
  for (const character of text) {
    used += characterWidth(character);
    if (used > width) break;
    kept += character;
  }
  return `${kept}…`;
}

/**
 * Cuts the beginning of a text off: the end of a path tells more.
 *
 * @param width columns
 * @returns the text, or its end with `…` before it
 */
export function cutStart(text: string, width: number): string {
  if (textWidth(text) <= width) return text;
  let kept = "";
  let used = 1;
  for (const character of [...text].reverse()) {
    used += characterWidth(character);
    if (used > width) break;
    kept = character + kept;
  }
  return `…${kept}`;
}

function characterWidth(character: string): number {
  if (character <= "\u{7e}") return 1;
  return NARROWER.test(character) ? 0 : WIDER.test(character) ? 2 : 1;
}
