import { encodePath } from "../../catalog/encode_path.ts";
import type { Answer } from "../render/answer.ts";
import { byteSize } from "../../catalog/byte_size.ts";
import { type Html, lines, markup, NO_HTML } from "../render/html.ts";
import type { EntryOrder, ShownEntries } from "../request/shown_entries.ts";
import type { Frame } from "./frame.ts";
import { renderPage } from "./page.ts";

/** What a page of a directory shows. */
export interface DirectoryPage {
  /** Decoded path, without a slash behind it but for the root. */
  readonly path: string;
  readonly shown: ShownEntries;
  /** How many mirrors carry each entry, by name; `null`: nobody counted. */
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
  const { entries, order, page, pages } = shown;
  const rows = entries.map(({ name, type, size, modTime }) => {
    const slash = type === "directory" ? "/" : "";
    const link = `./${encodePath(name)}${slash}`;
    const count = mirrors === null && type === "file" ? "check" : mirrors?.get(name);
    const carried = count === undefined
      ? NO_HTML
      : markup`<a rel="nofollow" href="${link}?mirrorlist">${count}</a>`;
    return markup`<tr><td><a href="${link}">${name}${slash}</a><td class="number">${
      type === "directory" ? "" : byteSize(size)
    }<td class="number">${dateText(modTime)}<td class="number"${
      count === undefined ? NO_HTML : markup` data-label="Mirrors"`
    }>${carried}`;
  });
  return renderPage(program, frame, {
    title: `Index of ${path}`,
    content: lines([
      markup`<h1>Index of ${breadcrumbs(path)}</h1>`,
      markup`<section class="card" aria-label="Files">
<table class="files">
<thead><tr>${head("Name", "name", order)}${head("Size", "size", order)}${
        head("Date", "date", order)
      }<th scope="col" class="number">Mirrors</th></tr></thead>
<tbody>
${path === "/" ? "" : markup`<tr><td><a href="../">../</a>`}
${lines(rows)}
</tbody>
</table>
${pages > 1 ? pageLinks(page, pages, order) : ""}
</section>`,
      readme === "" ? NO_HTML : markup`<section class="card" aria-label="README">
<pre>${readme}</pre>
</section>`,
    ]),
  });
}

function head(text: string, order: EntryOrder, now: EntryOrder): Html {
  const kind = order === "name" ? "" : markup` class="number"`;
  if (order === now) return markup`<th scope="col"${kind}>${text}</th>`;
  const link = order === "name" ? "./" : `./?sort=${order}`;
  return markup`<th scope="col"${kind}><a rel="nofollow" href="${link}">${text}</a></th>`;
}

function breadcrumbs(path: string): readonly Html[] {
  const names = path.split("/").filter((name) => name !== "");
  const root = markup`<a href="/">/</a>`;
  return [
    root,
    ...names.map((name, index) => {
      const target = `/${names.slice(0, index + 1).join("/")}/`;
      return markup`<a href="${encodePath(target)}">${name}/</a>`;
    }),
  ];
}

function pageLinks(page: number, pages: number, order: EntryOrder): Html {
  const sort = order === "name" ? "" : `sort=${order}&`;
  const link = (to: number, text: string): Html =>
    markup`<a rel="nofollow" href="./?${sort}page=${to}">${text}</a>`;
  return markup`<p>Page ${page} of ${pages} ${page > 1 ? link(page - 1, "previous") : ""} ${
    page < pages ? link(page + 1, "next") : ""
  }</p>`;
}

function dateText(time: number | null): string {
  if (time === null || Math.abs(time) > 8.64e15) return "";
  return new Date(time).toISOString().slice(0, 16).replace("T", " ");
}
