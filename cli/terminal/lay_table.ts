import { foldText } from "../../lib/log/fold_text.ts";
import type { TextWidth } from "./text_width.ts";

/** What stands between two columns. */
const GAP = "  ";

/**
 * Lays out a table of sentences: where it is too wide its cells break between words, and where even the
 * longest words have no room beside each other, each row becomes a block of lines.
 *
 * @param rows the head, then the rule below it, then the others
 * @param room columns that fit on a line
 * @param widthOf columns that a text takes
 * @returns lines
 */
export function layTable(
  [head = [], , ...rows]: readonly (readonly string[])[],
  room: number,
  widthOf: TextWidth,
): readonly string[] {
  const all = [head, ...rows];
  const widest = (textsOf: (cell: string) => readonly string[]): readonly number[] =>
    head.map((_, column) =>
      Math.max(...all.flatMap((row) => textsOf(row[column] ?? "").map(widthOf)))
    );
  const free = room - GAP.length * (head.length - 1);
  const widths = shared(widest((cell) => cell.split(" ")), widest((cell) => [cell]), free);
  if (widths === null) return rows.flatMap((row) => block(head, row, room, widthOf));
  const rule = widths.map((width) => "-".repeat(width));
  return [head, rule, ...rows].flatMap((row) => lay(row, widths, widthOf));
}

/**
 * Shares a line among columns: each has what its longest word takes, and the rest goes to those that are
 * narrowest as long as they need more.
 *
 * @returns `null`: the words have no room
 */
function shared(
  least: readonly number[],
  most: readonly number[],
  room: number,
): readonly number[] | null {
  const widths = [...least];
  const sum = (numbers: readonly number[]): number => numbers.reduce((all, one) => all + one, 0);
  let left = room - sum(widths);
  if (left < 0) return null;
  for (; left > 0; left--) {
    const needy = widths.keys().filter((column) => widths[column]! < most[column]!).toArray();
    if (needy.length === 0) break;
    const narrowest = needy.reduce((a, b) => widths[b]! < widths[a]! ? b : a);
    widths[narrowest]!++;
  }
  return widths;
}

function lay(
  row: readonly string[],
  widths: readonly number[],
  widthOf: TextWidth,
): readonly string[] {
  const cells = widths.map((width, column) =>
    foldText(row[column] ?? "", width, "", widthOf).split("\n")
  );
  const height = Math.max(...cells.map(({ length }) => length));
  return Array.from({ length: height }, (_, line) =>
    cells.map((texts, column) => {
      const text = texts[line] ?? "";
      return text + " ".repeat(Math.max(0, widths[column]! - widthOf(text)));
    }).join(GAP).trimEnd());
}

/** The first cell, and below it the others, each behind its head. */
function block(
  head: readonly string[],
  [first = "", ...others]: readonly string[],
  room: number,
  widthOf: TextWidth,
): readonly string[] {
  const lines = others.flatMap((cell, index) =>
    cell === "" ? [] : [`  ${head[index + 1]}: ${cell}`]
  );
  return [first, ...lines].flatMap((line) => foldText(line, room, "    ", widthOf).split("\n"));
}
