import { encodePath } from "../../catalog/encode_path.ts";
import type { Answer } from "../render/answer.ts";
import { ageText } from "../render/age_text.ts";
import { type Html, lines, markup } from "../render/html.ts";
import { directoryUrl, MIRROR_TEXTS } from "../render/mirrors_text.ts";
import type { ListedMirror } from "../request/list_mirrors.ts";
import type { Frame } from "./frame.ts";
import { renderLink } from "./link.ts";
import { renderMirrorName } from "./mirror_name.ts";
import { renderPage } from "./page.ts";
import { type Column, renderTable } from "./table.ts";

const COLUMNS: readonly Column[] = [
  { head: "Mirror", kind: "name" },
  { head: "Address" },
  { head: "Country", label: "Country" },
  { head: "Files", label: "Files" },
  { head: "Up to date", label: "Up to date" },
];

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
  const path = encodePath(directory === "/" ? "/" : `${directory}/`);
  const row = (one: ListedMirror, key: number): { key: number; cells: (Html | string)[] } => {
    const { candidate: { mirror }, fallback } = one;
    const url = directoryUrl(one, directory);
    return {
      key,
      cells: [
        fallback ? "Fallback" : renderMirrorName(mirror),
        renderLink(url, url),
        mirror.countryCodes.join(" "),
        filesText(one),
        freshText(one),
      ],
    };
  };
  const forms = MIRROR_TEXTS.map((form) =>
    markup`<li><a href="${path}?mirrors&format=${form}" rel="nofollow">${form}</a></li>`
  );
  return renderPage(program, frame, {
    title: `Mirrors of ${directory}`,
    content: lines([
      markup`<h1>Mirrors of ${directory}</h1>`,
      markup`<section class="card" aria-label="Mirrors">
${renderTable("Nearest first", COLUMNS, [listed.map(row)])}
</section>`,
      markup`<section class="card" aria-labelledby="forms">
<h2 id="forms">For package managers</h2>
<ul class="links">
${lines(forms)}
<li><a href="${path}?setup" rel="nofollow">How to set them up</a></li>
</ul>
</section>`,
    ]),
  });
}

function filesText({ lacking, fallback }: ListedMirror): string {
  if (fallback) return "";
  if (lacking === null) return "unknown";
  return lacking === 0 ? "all" : `${lacking} ${lacking === 1 ? "is" : "are"} missing or old`;
}

function freshText({ behind, fallback }: ListedMirror): string {
  if (fallback) return "";
  if (behind === null) return "unknown";
  return behind < 60_000 ? ageText(behind) : `as of ${ageText(behind)}`;
}
