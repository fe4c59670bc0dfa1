import type { Row, RowGroup } from "./table.ts";
import type { Words } from "./words/words.ts";

/** Rows that are seen from the beginning, where there are more. */
const SEEN = 14;

/**
 * Folds a long list of mirrors: the first are seen, one line says how many more there are.
 *
 * @param words of the language
 * @param rows one for each mirror
 * @returns one group of a short list, two of a long one
 */
export function foldRows(words: Words, rows: readonly Row[]): readonly RowGroup[] {
  // One that is left over takes no more room than a line that says so.
  if (rows.length <= SEEN + 1) return [{ rows }];
  const head = {
    text: words.text("list.mirrors"),
    count: words.text("group.more", { count: rows.length - SEEN }),
    open: false,
  };
  return [{ rows: rows.slice(0, SEEN) }, { rows: rows.slice(SEEN), head }];
}
