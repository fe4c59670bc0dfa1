import type { Row, RowGroup } from "./table.ts";
import type { Words } from "./words/words.ts";

/** Rows that are seen from the beginning, where there are more. */
const SEEN = 14;

/**
 * Folds a long list of mirrors: the first are seen, one line says how many more there are.
 *
 * @param words of the language
 * @param mirrors what the rows are about
 * @param rowOf makes a row of one of them, and is told whether it is seen from the beginning
 * @returns one group of a short list, two of a long one
 */
export function foldRows<Item>(
  words: Words,
  mirrors: readonly Item[],
  rowOf: (mirror: Item, seen: boolean) => Row,
): readonly RowGroup[] {
  // One that is left over takes no more room than a line that says so.
  const seen = mirrors.length <= SEEN + 1 ? mirrors.length : SEEN;
  const rows = mirrors.map((mirror, index) => rowOf(mirror, index < seen));
  if (seen === mirrors.length) return [{ rows }];
  const head = {
    text: words.text("list.mirrors"),
    count: words.text("group.more", { count: rows.length - seen }),
    open: false,
  };
  return [{ rows: rows.slice(0, seen) }, { rows: rows.slice(seen), head }];
}
