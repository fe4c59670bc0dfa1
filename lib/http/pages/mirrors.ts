import { encodePath } from "../../catalog/encode_path.ts";
import type { Answer } from "../render/answer.ts";
import { lines, markup } from "../render/html.ts";
import { directoryUrl, MIRROR_TEXTS } from "../render/mirrors_text.ts";
import type { ListedMirror } from "../request/list_mirrors.ts";
import { foldRows } from "./fold_rows.ts";
import type { Frame } from "./frame.ts";
import { renderLink } from "./link.ts";
import { renderMirrorName } from "./mirror_name.ts";
import { renderPage } from "./page.ts";
import { renderTable, type Row } from "./table.ts";
import type { Words } from "./words/words.ts";

/**
 * Renders the mirrors of a directory for people.
 *
 * @param program name and version of the program
 * @param frame what stands around the content
 * @param directory decoded path
 * @param listed who serves it, best first
 */
export function renderMirrors(
  program: string,
  frame: Frame,
  directory: string,
  listed: readonly ListedMirror[],
): Answer {
  const { words } = frame;
  const path = encodePath(directory === "/" ? "/" : `${directory}/`);
  const as = frame.lang === null ? "" : `&lang=${frame.lang}`;
  const row = (one: ListedMirror): Row => {
    const { candidate: { mirror }, fallback } = one;
    const url = directoryUrl(one, directory);
    const codes = mirror.countryCodes;
    return {
      cells: [
        fallback ? words.text("mirrors.fallback") : renderMirrorName(words, mirror),
        renderLink(url, url),
        codes.length === 0
          ? ""
          : { content: words.list(codes.map((code) => words.country(code))), code: codes[0]! },
        filesText(words, one),
        freshText(words, one),
      ],
    };
  };
  const groups = foldRows(words, listed, row);
  const forms = MIRROR_TEXTS.map((form) =>
    markup`<li><a href="${path}?mirrors&format=${form}" rel="nofollow">${form}</a></li>`
  );
  const columns = [
    { head: words.text("stats.mirror"), kind: "name" },
    { head: words.text("mirrors.address"), kind: "url" },
    { head: words.text("list.country"), kind: "country" },
    { head: words.text("mirrors.files"), kind: "spare" },
    { head: words.text("mirrors.fresh") },
  ];
  const title = words.text("list.title", { path: directory });
  return renderPage(program, frame, {
    title,
    content: lines([
      markup`<h1>${words.html("list.title", { path: markup`<bdi>${directory}</bdi>` })}</h1>`,
      markup`<section class="card" aria-label="${words.text("list.mirrors")}">
${
        renderTable(words.text("mirrors.caption"), columns, groups, {
          id: "mirrors",
          kind: "ranked",
          filter: groups.length > 1 ? words.text("filter") : "",
        })
      }
</section>`,
      markup`<section class="card" aria-labelledby="forms">
<h2 id="forms">${words.text("mirrors.forms")}</h2>
<ul class="links">
${lines(forms)}
<li><a href="${path}?setup${as}" rel="nofollow">${words.text("mirrors.setup")}</a></li>
</ul>
</section>`,
    ]),
  });
}

function filesText(words: Words, { lacking, fallback }: ListedMirror): string {
  if (fallback) return "";
  if (lacking === null) return words.text("unknown");
  return lacking === 0
    ? words.text("mirrors.files.all")
    : words.text("mirrors.files.lacking", { count: lacking });
}

function freshText(words: Words, { behind, fallback }: ListedMirror): string {
  if (fallback) return "";
  if (behind === null) return words.text("unknown");
  const age = words.age(behind);
  return behind < 60_000 ? age : words.text("mirrors.fresh.as_of", { age });
}
