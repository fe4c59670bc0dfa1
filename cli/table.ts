/**
 * Lays rows out in columns with two spaces between them; nothing follows the last cell of a row.
 *
 * @param rows the head first; all of the same length
 * @returns a line for each row, with its end
 */
export function formatTable(rows: readonly (readonly string[])[]): string {
  const widths: number[] = [];
  for (const row of rows) {
    for (const [column, cell] of row.entries()) {
      widths[column] = Math.max(widths[column] ?? 0, widthOf(cell));
    }
  }
  return rows.map((row) => {
    const cells = row.map((cell, column) => cell + " ".repeat(widths[column]! - widthOf(cell)));
    return `${cells.join("  ").trimEnd()}\n`;
  }).join("");
}

/** Characters as people count them, not UTF-16 units. */
function widthOf(text: string): number {
  return [...text].length;
}
