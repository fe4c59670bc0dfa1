type Rows = readonly (readonly string[])[];

/** Tells how many columns a text takes. */
type Width = (text: string) => number;

/**
 * Lays rows out in columns with two spaces between them; nothing follows the last cell of a row. Where
 * that is too wide, each row becomes a block of lines.
 *
 * @param rows the head first; all of the same length
 * @param room columns that fit on a line; default: any number
 * @returns lines, each with its end
 */
export async function formatTable(rows: Rows, room = Infinity): Promise<string> {
  const widthOf = await widthIn(rows);
  const widths: number[] = [];
  for (const row of rows) {
    for (const [column, cell] of row.entries()) {
      widths[column] = Math.max(widths[column] ?? 0, widthOf(cell));
    }
  }
  const lines = rows.map((row) =>
    row.map((cell, column) => pad(cell, widths[column]! - widthOf(cell))).join("  ").trimEnd()
  );
  const fits = lines.every((line) => widthOf(line) <= room);
  return fits || rows.length < 2
    ? lines.map((line) => `${line}\n`).join("")
    : formatBlocks(rows, widthOf);
}

/** Each row but the head: its first cell, and below it the others that are not empty. */
function formatBlocks([head = [], ...rows]: Rows, widthOf: Width): string {
  const names = head.slice(1);
  const width = Math.max(0, ...names.map(widthOf));
  return rows.map(([first = "", ...cells]) => {
    const lines = cells.map((cell, index) => {
      const name = names[index] ?? "";
      return cell === "" ? "" : `  ${pad(name, width - widthOf(name))}  ${cell}\n`;
    });
    return `${first}\n${lines.join("")}`;
  }).join("");
}

function pad(text: string, spaces: number): string {
  return text + " ".repeat(spaces);
}

/** A command starts sooner without what tells the widths of other scripts; few lists have any. */
async function widthIn(rows: Rows): Promise<Width> {
  if (rows.every((cells) => cells.every((cell) => /^[ -~]*$/.test(cell)))) {
    return (text) => text.length;
  }
  return (await import("@std/cli/unicode-width")).unicodeWidth;
}
