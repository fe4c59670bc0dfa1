import { type TextWidth, widthIn } from "./text_width.ts";

type Rows = readonly (readonly string[])[];

/** Says how a cell of a row and a column is written. */
export type Paint = (cell: string, row: number, column: number) => string;

/**
 * Lays rows out in columns with two spaces between them; nothing follows the last cell of a row. Where
 * that is too wide, each row becomes a block of lines.
 *
 * @param rows the head first; all of the same length
 * @param room columns that fit on a line; default: any number
 * @param paint what is written in place of a cell, as wide as it; default: the cell
 * @returns lines, each with its end
 */
export async function formatTable(
  rows: Rows,
  room = Infinity,
  paint: Paint = (cell) => cell,
): Promise<string> {
  const widthOf = await widthIn(rows.flat());
  const widths: number[] = [];
  for (const row of rows) {
    for (const [column, cell] of row.entries()) {
      widths[column] = Math.max(widths[column] ?? 0, widthOf(cell));
    }
  }
  const last = rows.map((row) => row.findLastIndex((cell) => cell !== ""));
  const fits = rows.every((row, index) => {
    const before = row.slice(0, last[index]).keys().reduce((sum, at) => sum + widths[at]! + 2, 0);
    return before + widthOf(row[last[index]!] ?? "") <= room;
  });
  if (!fits && rows.length > 1) return formatBlocks(rows, widthOf, paint);
  return rows.map((row, index) => {
    const cells = row.slice(0, last[index]! + 1).map((cell, column) => {
      const spaces = column === last[index] ? 0 : widths[column]! - widthOf(cell);
      return pad(paint(cell, index, column), spaces);
    });
    return `${cells.join("  ").trimEnd()}\n`;
  }).join("");
}

/** Each row but the head: its first cell, and below it the others that are not empty. */
function formatBlocks([head = [], ...rows]: Rows, widthOf: TextWidth, paint: Paint): string {
  const names = head.slice(1);
  const width = Math.max(0, ...names.map(widthOf));
  return rows.map(([first = "", ...cells], row) => {
    const lines = cells.map((cell, index) => {
      const name = names[index] ?? "";
      const shown = paint(cell, row + 1, index + 1);
      return cell === "" ? "" : `  ${pad(name, width - widthOf(name))}  ${shown}\n`;
    });
    return `${paint(first, row + 1, 0)}\n${lines.join("")}`;
  }).join("");
}

function pad(text: string, spaces: number): string {
  return text + " ".repeat(spaces);
}
