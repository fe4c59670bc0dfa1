import type { HtmlPage } from "./html_rows.ts";

/** A way in which servers write listings that is known well enough to say what is not there. */
export type HtmlFormat =
  | "apache-list"
  | "apache-pre"
  | "apache-table"
  | "nginx"
  | "fancyindex"
  | "lighttpd"
  | "caddy"
  | "python"
  | "go"
  | "jetty"
  | "serve-index"
  | "http-server";

/** Whether the first rows of a table have these words as their headings. */
function hasHeadings({ rows }: HtmlPage, words: RegExp): boolean {
  return rows.some(({ type, cells, text }) =>
    type === "tr" && cells.length > 1 && cells.every(({ header }) => header) && words.test(text)
  );
}

const TESTS: readonly (readonly [HtmlFormat, (page: HtmlPage) => boolean])[] = [
  ["fancyindex", ({ marks }) => marks.has("table#list")],
  ["lighttpd", ({ marks }) => marks.has("table[summary=Directory Listing]")],
  ["jetty", ({ marks, title }) => marks.has("table.listing") && title.startsWith("Directory: ")],
  ["serve-index", ({ marks }) => marks.has("ul#files") && marks.has("ul.view-details")],
  [
    "caddy",
    ({ marks, rows }) =>
      marks.has("data-order") &&
      rows.some(({ cells }) => cells.some(({ datetime }) => datetime !== "")),
  ],
  [
    "http-server",
    ({ title, rows }) =>
      title.startsWith("Index of ") &&
      rows.some(({ cells }) => cells.some(({ className }) => className === "last-modified")) &&
      rows.some(({ cells }) => cells.some(({ className }) => className === "file-size")),
  ],
  [
    "apache-table",
    (page) =>
      // Fancyindex takes its links for sorting from Apache.
      page.title.startsWith("Index of ") && !page.marks.has("table#list") &&
      (page.marks.has("sort:tr") || page.marks.has("indexcol") ||
        hasHeadings(page, /^\s*(&nbsp;)?\s*Name\s+Last modified\s+Size/)),
  ],
  [
    "apache-pre",
    ({ title, marks, rows }) =>
      title.startsWith("Index of ") &&
      (marks.has("sort:line") || (marks.has("pre") && /^\s*Name\b/.test(rows[0]?.text ?? "") &&
        rows[0]!.links.length === 0)),
  ],
  [
    "nginx",
    ({ heading, marks, rows }) =>
      heading.startsWith("Index of ") && marks.has("line:../") && rows[0]?.links[0] === "../",
  ],
  [
    "apache-list",
    ({ title, rows }) =>
      title.startsWith("Index of ") && rows.length > 0 &&
      rows.every(({ type, text }) => type === "li" && text.startsWith(" ")),
  ],
  ["python", ({ heading, title }) => /^Directory listing for /.test(title || heading)],
  ["go", ({ marks, title, heading }) => marks.has("first:pre") && title === "" && heading === ""],
];

/**
 * Tells who wrote a page; `null`: nobody known.
 *
 * @param page its rows
 * @param kept what the page before was, which is tried first; empty: nothing is known yet
 */
export function htmlFormatOf(page: HtmlPage, kept = ""): HtmlFormat | null {
  const isKept = TESTS.find(([format]) => format === kept)?.[1](page) ?? false;
  if (isKept) return kept as HtmlFormat;
  return TESTS.find(([format, holds]) => format !== kept && holds(page))?.[0] ?? null;
}
