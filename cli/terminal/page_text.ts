import { foldText } from "../../lib/log/fold_text.ts";
import { layTable } from "./lay_table.ts";
import { type TextWidth, widthIn } from "./text_width.ts";

/** Columns beyond which sentences are harder to read. */
const WIDEST = 100;

/** How an item of a list begins. */
const ITEM = /^(\s*)([-*]|\d+\.) /;

/**
 * Lays a page in Markdown out for a terminal: sentences break between words, and tables fit. Headings and
 * code stay as they are.
 *
 * @param markdown paragraphs, lists, tables, and code that is fenced or indented
 * @param columns width of the terminal; `Infinity`, where there is none, leaves the page as it is
 */
export async function pageText(markdown: string, columns: number): Promise<string> {
  if (columns === Infinity) return markdown;
  const widthOf = await widthIn(markdown.split("\n"));
  const lines = markdown.split("\n");
  const laid: string[] = [];
  for (let at = 0; at < lines.length;) {
    const kind = kindOf(lines, at);
    let end = at + 1;
    if (kind === "fence") {
      while (end < lines.length && !lines[end]!.startsWith("```")) end++;
      end++;
    } else {
      while (end < lines.length && goesOn(kind, lines[end]!)) end++;
    }
    laid.push(...layBlock(kind, lines.slice(at, end), columns, widthOf));
    at = end;
  }
  return laid.join("\n");
}

type Kind = "fence" | "code" | "table" | "text" | "line";

function kindOf(lines: readonly string[], at: number): Kind {
  const line = lines[at]!;
  if (line.startsWith("```")) return "fence";
  if (line.startsWith("|")) return "table";
  if (line.startsWith("    ")) return "code";
  return line === "" || line.startsWith("#") ? "line" : "text";
}

/** Whether a line belongs to the block that stands above it. */
function goesOn(kind: Kind, line: string): boolean {
  switch (kind) {
    case "table":
      return line.startsWith("|");
    case "code":
      return line.startsWith("    ");
    case "text":
      return line !== "" && !/^(?:#|\||```)/.test(line) && !ITEM.test(line);
    default:
      return false;
  }
}

function layBlock(
  kind: Kind,
  lines: readonly string[],
  columns: number,
  widthOf: TextWidth,
): readonly string[] {
  if (kind === "table") return layTable(lines.map(cellsOf), columns, widthOf);
  if (kind !== "text") return lines;
  const [first = ""] = lines;
  const indent = " ".repeat(ITEM.exec(first)?.[0].length ?? 0);
  const text = [first, ...lines.slice(1).map((line) => line.trim())].join(" ");
  return foldText(text, Math.min(columns, WIDEST), indent, widthOf).split("\n");
}

/** Cells of a line of a table, as they are read. */
function cellsOf(line: string): readonly string[] {
  const cells = line.replace(/^\|/, "").replace(/\|\s*$/, "").split(/(?<!\\)\|/);
  return cells.map((cell) => cell.trim().replaceAll("\\|", "|"));
}
