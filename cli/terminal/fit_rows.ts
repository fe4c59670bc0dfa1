import { cutText } from "./cut_text.ts";
import { widthIn } from "./text_width.ts";

type Rows = readonly (readonly string[])[];

/**
 * Cuts the cells of some columns, always of the widest, until a table with two spaces between its columns
 * fits.
 *
 * @param rows all of the same length
 * @param room columns that fit on a line
 * @param least what columns that may be cut must be left with
 * @param cut how a cell is cut; default: its end goes
 * @returns `null` when they would still be too wide
 */
export async function fitRows(
  rows: Rows,
  room: number,
  least: readonly (readonly [column: number, width: number])[],
  cut: typeof cutText = cutText,
): Promise<Rows | null> {
  const widthOf = await widthIn(rows.flat());
  const count = rows[0]?.length ?? 0;
  const widths = Array.from(
    { length: count },
    (_, column) => rows.reduce((most, row) => Math.max(most, widthOf(row[column]!)), 0),
  );
  let excess = widths.reduce((sum, width) => sum + width, 2 * (count - 1)) - room;
  for (; excess > 0; excess--) {
    const [widest] = least.filter(([column, width]) => widths[column]! > width)
      .toSorted(([a], [b]) => widths[b]! - widths[a]!);
    if (widest === undefined) return null;
    widths[widest[0]]!--;
  }
  return rows.map((row) => row.map((cell, column) => cut(cell, widths[column]!, widthOf)));
}
