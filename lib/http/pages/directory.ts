import { encodePath } from "../../catalog/encode_path.ts";
import type { Answer } from "../render/answer.ts";
import { type Html, lines, markup, NO_HTML, trusted } from "../render/html.ts";
import type { EntryOrder, ShownEntries } from "../request/shown_entries.ts";
import { compactSource } from "./compact_source.ts";
import type { Frame } from "./frame.ts";
import { renderPage } from "./page.ts";
import rowLists from "./row_lists.js" with { type: "text" };
import { securityPolicy } from "./security_policy.ts";
import type { Words } from "./words/words.ts";

/** Minutes of a day. */
const MINUTES = 1_440;

/** A name that is the same as text and as link. */
const PLAIN = /^[\w.+~-]*$/;

/** Makes the links to the lists of mirrors of a long page: as text they would be half as long as everything else. */
const ROW_LISTS = compactSource(rowLists);

/** What a page of a directory shows. */
export interface DirectoryPage {
  /** Decoded path, without a slash behind it but for the root. */
  readonly path: string;
  readonly shown: ShownEntries;
  /**
   * How many mirrors carry each entry, by name; `null`: nobody counted, there are so many entries that each
   * row is kept short: days without a time, sizes without tenths, and links to lists of mirrors that a script makes,
   * beside one field for all that leads there without it.
   */
  readonly mirrors: ReadonlyMap<string, number> | null;
  /** Text of the README there; empty: none. */
  readonly readme: string;
}

/**
 * Renders a directory for people, and for tools that follow links: each entry is a relative link.
 *
 * @param program name and version of the program
 * @param frame what stands around the content
 * @param directory what it shows
 * @returns the page
 */
export function renderDirectory(
  program: string,
  frame: Frame,
  { path, shown, mirrors, readme }: DirectoryPage,
): Answer {
  const { words } = frame;
  const { order, pages } = shown;
  // Who chose a language keeps it.
  const asLanguage = (sign: "?" | "&"): string =>
    frame.lang === null ? "" : `${sign}lang=${frame.lang}`;
  const rows = rowsOf(words, shown.entries, mirrors, asLanguage);
  const language = frame.lang === null
    ? NO_HTML
    : markup`<input type="hidden" name="lang" value="${frame.lang}">`;
  return renderPage(program, mirrors === null ? ofLongList(frame) : frame, {
    title: words.text("directory.title", { path }),
    content: lines([
      markup`<h1>${
        words.html("directory.title", { path: markup`<bdi>${breadcrumbs(path, asLanguage)}</bdi>` })
      }</h1>`,
      mirrors === null
        ? markup`<form class="card"><label>${words.text("directory.mirrors")}
<input name="mirrorlist" required autocomplete="off" spellcheck="false" dir="ltr" placeholder="${
          words.text("directory.name")
        }"></label>${language}
<button>${words.text("directory.check")}</button></form>`
        // Links to mirror lists would be files to pip, and be fetched with each file by wget.
        : markup`<form id="list"><input type="hidden" name="mirrorlist">${language}</form>`,
      markup`<section class="card" aria-label="${words.text("directory.files")}">
<table class="files">
<thead><tr>${head(words.text("directory.name"), "name", order, asLanguage)}${
        head(words.text("directory.size"), "size", order, asLanguage)
      }${head(words.text("directory.date"), "date", order, asLanguage)}${
        mirrors === null
          ? NO_HTML
          : markup`<th scope="col" class="number">${words.text("directory.mirrors")}</th>`
      }</tr></thead>
<tbody>
${path === "/" ? "" : markup`<tr><td><a href="../">../</a>`}
${rows}
</tbody>
</table>
${pages > 1 ? pageLinks(words, shown, asLanguage) : ""}
</section>`,
      readme === "" ? NO_HTML : markup`<section class="card" aria-label="README">
<pre>${readme}</pre>
</section>`,
    ]),
  });
}

/** Nothing of the usual script is about such a page, and it is as long as a hundred names. */
function ofLongList(frame: Frame): Frame {
  return {
    ...frame,
    script: ROW_LISTS,
    securityPolicy: securityPolicy(frame.style, ROW_LISTS),
  };
}

/** The rows in one piece: of thousands, a template for each takes most of the time. */
function rowsOf(
  words: Words,
  entries: ShownEntries["entries"],
  mirrors: DirectoryPage["mirrors"],
  asLanguage: AsLanguage,
): Html {
  const label = ` data-label="${safe(words.text("directory.mirrors"))}"`;
  const dateText = datesOf(mirrors !== null);
  const sizeText = (size: number): string =>
    safe(mirrors === null ? words.briefSize(size) : words.size(size));
  const behind = safe(asLanguage("?"));
  const rows = entries.map(({ name, type, size, modTime }) => {
    const plain = PLAIN.test(name);
    const text = plain ? name : safe(name);
    // As an entity, lftp does not know a quote.
    const link = plain ? `./${name}` : safe(`./${encodePath(name).replaceAll("'", "%27")}`);
    const date = dateText(modTime);
    const row = type === "directory"
      ? `<tr><td><a href="${link}/${behind}">${text}/</a><td><td>${date}`
      : `<tr><td><a href="${link}">${text}</a><td>${sizeText(size)}<td>${date}`;
    if (mirrors === null) return row;
    const count = mirrors.get(name);
    return count === undefined
      ? `${row}<td>`
      : `${row}<td${label}><button form="list" formaction="${link}">${count}</button>`;
  });
  return trusted(rows.join("\n"));
}

function safe(text: string): string {
  return /[&<>"']/.test(text) ? `${markup`${text}`}` : text;
}

/** What a link adds for the language. */
type AsLanguage = (sign: "?" | "&") => string;

function head(text: string, order: EntryOrder, now: EntryOrder, asLanguage: AsLanguage): Html {
  const kind = order === "name" ? "" : markup` class="number"`;
  if (order === now) return markup`<th scope="col"${kind}>${text}</th>`;
  const link = order === "name" ? `./${asLanguage("?")}` : `./?sort=${order}${asLanguage("&")}`;
  return markup`<th scope="col"${kind}><a rel="nofollow" href="${link}">${text}</a></th>`;
}

function breadcrumbs(path: string, asLanguage: AsLanguage): readonly Html[] {
  const names = path.split("/").filter((name) => name !== "");
  const root = markup`<a href="/${asLanguage("?")}">/</a>`;
  return [
    root,
    ...names.map((name, index) => {
      const target = `/${names.slice(0, index + 1).join("/")}/`;
      return markup`<a href="${encodePath(target)}${asLanguage("?")}">${name}/</a>`;
    }),
  ];
}

function pageLinks(
  words: Words,
  { page, pages, order }: ShownEntries,
  asLanguage: AsLanguage,
): Html {
  const sort = order === "name" ? "" : `sort=${order}&`;
  const link = (to: number, text: string): Html =>
    markup`<a rel="nofollow" href="./?${sort}page=${to}${asLanguage("&")}">${text}</a>`;
  return markup`<p>${words.text("directory.page", { page, pages })} ${
    page > 1 ? link(page - 1, words.text("directory.previous")) : ""
  } ${page < pages ? link(page + 1, words.text("directory.next")) : ""}</p>`;
}

/**
 * Makes what writes times in UTC: of days that come again and again, each is written once.
 *
 * @param timed whether the time of the day is written, too
 */
function datesOf(timed: boolean): (time: number | null) => string {
  const days = new Map<number, string>();
  const two = (number: number): string => number < 10 ? `0${number}` : `${number}`;
  return (time) => {
    if (time === null || Math.abs(time) > 8.64e15) return "";
    const minutes = Math.floor(time / 60_000);
    const number = Math.floor(minutes / MINUTES);
    let day = days.get(number);
    if (day === undefined) {
      day = new Date(time).toISOString().slice(0, -"THH:MM:SS.SSSZ".length);
      days.set(number, day);
    }
    if (!timed) return day;
    const rest = minutes - number * MINUTES;
    return `${day} ${two(Math.floor(rest / 60))}:${two(rest % 60)}`;
  };
}
