import { unicodeWidth } from "@std/cli/unicode-width";

type Rows = readonly (readonly string[])[];

/**
 * Lays rows out in columns with two spaces between them; nothing follows the last cell of a row. Where
 * that is too wide, each row becomes a block of lines.
 *
 * @param rows the head first; all of the same length
 * @param room columns that fit on a line; default: any number
 * @returns lines, each with its end
 */
export function formatTable(rows: Rows, room = Infinity): string {
  const widths: number[] = [];
  for (const row of rows) {
    for (const [column, cell] of row.entries()) {
      widths[column] = Math.max(widths[column] ?? 0, unicodeWidth(cell));
    }
  }
  const lines = rows.map((row) =>
    row.map((cell, column) => pad(cell, widths[column]!)).join("  ").trimEnd()
  );
  const fits = lines.every((line) => unicodeWidth(line) <= room);
  return fits || rows.length < 2 ? lines.map((line) => `${line}\n`).join("") : formatBlocks(rows);
}

/** Each row but the head: its first cell, and below it the others that are not empty. */
function formatBlocks([head = [], ...rows]: Rows): string {
  const names = head.slice(1);
  const width = Math.max(0, ...names.map(unicodeWidth));
  return rows.map(([first = "", ...cells]) => {
    const lines = cells.map((cell, index) =>
      cell === "" ? "" : `  ${pad(names[index] ?? "", width)}  ${cell}\n`
    );
    return `${first}\n${lines.join("")}`;
  }).join("");
}

function pad(text: string, width: number): string {
  return text + " ".repeat(width - unicodeWidth(text));
}
