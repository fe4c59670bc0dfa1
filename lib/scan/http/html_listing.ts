import { decodeHTML, decodeHTMLAttribute } from "entities";
import { type HtmlFormat, htmlFormatOf } from "./html_format.ts";
import { quoteLine } from "../quote_line.ts";
import type { HtmlCell, HtmlPage, HtmlRow } from "./html_rows.ts";
import type { ListingPage, RawEntry } from "./listing_entry.ts";
import { linkTarget } from "./listing_link.ts";
import { plainBlanks, WRITTEN_TIME } from "./written_time.ts";

/** What rows of a page show, before sizes and times are read. */
export interface RawListing extends Omit<ListingPage, "entries" | "kind"> {
  readonly entries: readonly RawEntry[];
  readonly known: boolean;
}

/** Text of a size: with a unit, or digits alone. */
const SIZE = String.raw`\d[\d.,']*(?: ?(?:[KMGTP](?:i?B)?|B|bytes?))?|-`;
const SIZE_ALONE = new RegExp(String.raw`(?:^|(?<=[\s>]))(?:${SIZE})(?=\s|$)`, "gi");
const TIME_THEN_SIZE = new RegExp(
  String.raw`^(${WRITTEN_TIME.source})\s+(${SIZE}|<dir>)(?=\s|$)`,
  "i",
);
const TIME_THEN_SIZE_AT_END = new RegExp(
  String.raw`(${WRITTEN_TIME.source})\s+(${SIZE}|<dir>)$`,
  "i",
);

/**
 * Finds the children that an HTML page shows. Knows rows only; the text of a link is never read for
 * size or time.
 *
 * @param page its rows
 * @param url where it is
 * @param kept format of another page of that server; empty: none is known
 */
export function readHtmlListing(page: HtmlPage, url: URL, kept = ""): RawListing {
  const format = htmlFormatOf(page, kept);
  const columns = columnsOf(page.rows);
  const entries = new Map<string, RawEntry>();
  let bad = 0;
  let problem = "";
  for (const row of page.rows) {
    const links = row.links.map((link) => linkTarget(decodeHTMLAttribute(link), url));
    const children = links.filter((target) => target.type === "child");
    const wrong = links.findIndex((target) => target.type === "bad");
    if (links[wrong]?.type === "bad") {
      bad++;
      problem ||= `${links[wrong].reason}: ${quoteLine(row.links[wrong]!)}`;
    }
    const [child] = children;
    if (child === undefined || children.some(({ name }) => name !== child.name)) continue;
    if (entries.has(child.name)) continue;
    const { name, directory } = child;
    const [size, time] = detailsOf(row, format, columns);
    const maybeLink = format === "caddy";
    entries.set(name, {
      name,
      rawName: rawNameOf(row, name, url),
      directory,
      size,
      time,
      maybeLink,
    });
  }
  return {
    format: format ?? "",
    known: format !== null,
    entries: [...entries.values()],
    whole: page.ended,
    bad,
    problem,
  };
}

function rawNameOf({ links }: HtmlRow, name: string, url: URL): string | null {
  for (const link of links) {
    if (!link.includes("&")) continue;
    const target = linkTarget(link, url);
    if (target.type === "child" && target.name !== name) return target.name;
  }
  return null;
}

/** Which column is what; -1: none. For lines of `<pre>`: 0, whether the heading names it. */
interface Columns {
  readonly size: number;
  readonly time: number;
  /** Whether there was a heading at all. */
  readonly line: { readonly size: boolean; readonly time: boolean } | null;
}

const IS_SIZE = /\bsize\b/i;
const IS_TIME = /\b(?:modified|date|time)\b/i;

function columnsOf(rows: readonly HtmlRow[]): Columns {
  const heading = rows.find(({ type, cells }) =>
    type === "tr" && cells.length > 1 && cells.every(({ header }) => header)
  );
  const line = rows[0]?.type === "line" && /\bName\b/.test(rows[0].text) &&
      !/^\s*\.\.?\/?/.test(rows[0].text)
    ? { size: IS_SIZE.test(rows[0].text), time: IS_TIME.test(rows[0].text) }
    : null;
  // What a heading says stands in its link, if it has one.
  const texts = heading === undefined ? [] : headingTexts(heading);
  return {
    size: texts.findIndex((text) => IS_SIZE.test(text)),
    time: texts.findIndex((text) => IS_TIME.test(text)),
    line,
  };
}

function headingTexts({ cells }: HtmlRow): string[] {
  return cells.map(({ label, before, className }) => `${label} ${before} ${className}`);
}

function textOf({ before, after }: HtmlCell): string {
  return plainBlanks(decodeHTML(`${before} ${after}`));
}

/** Size and time of a row, as written. */
function detailsOf(
  row: HtmlRow,
  format: HtmlFormat | null,
  columns: Columns,
): readonly [size: string, time: string] {
  if (row.type === "tr") return ofCells(row, columns);
  if (format === "serve-index") {
    const span = (name: string): string => plainBlanks(decodeHTML(row.spans.get(name) ?? ""));
    return [span("size"), span("date")];
  }
  const cell = row.cells[0];
  if (cell === undefined) return ["", ""];
  const [size, time] = ofLine(cell);
  const { line } = columns;
  return [line?.size === false ? "" : size, line?.time === false ? "" : time];
}

function ofCells({ cells }: HtmlRow, columns: Columns): readonly [string, string] {
  const at = (column: number, name: RegExp): HtmlCell | undefined =>
    column >= 0 ? cells[column] : cells.find(({ className }) => name.test(className));
  const sizeCell = at(columns.size, /\bsize\b/i);
  const timeCell = at(columns.time, /\b(?:modified|date|time)\b/i);
  let size = sizeCell === undefined ? "" : textOf(sizeCell);
  if (sizeCell !== undefined && /^\d+$/.test(sizeCell.order)) size = sizeCell.order;
  let time = timeCell?.datetime || (timeCell === undefined ? "" : textOf(timeCell));
  if (sizeCell === undefined && timeCell === undefined) {
    [size, time] = onlyOnes(cells.map(textOf).join("  "));
  }
  return [size, time];
}

function ofLine(cell: HtmlCell): readonly [string, string] {
  const after = plainBlanks(decodeHTML(cell.after));
  const before = plainBlanks(decodeHTML(cell.before));
  const found = TIME_THEN_SIZE.exec(after) ?? TIME_THEN_SIZE_AT_END.exec(before);
  if (found !== null) return [found[2]!, found[1]!];
  return onlyOnes(`${before}  ${after}`);
}

/** The only size and the only time in a text. */
function onlyOnes(text: string): readonly [string, string] {
  const times = text.match(WRITTEN_TIME) ?? [];
  const rest = text.replaceAll(WRITTEN_TIME, " ");
  const sizes = rest.match(SIZE_ALONE) ?? [];
  return [sizes.length === 1 ? sizes[0]! : "", times.length === 1 ? times[0]! : ""];
}
