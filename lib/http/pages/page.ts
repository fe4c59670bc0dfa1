import type { Answer } from "../render/answer.ts";
import {
  type Header,
  NO_SNIFF,
  NOT_CACHED,
  VARY_ACCEPT,
  VARY_LANGUAGE,
} from "../render/headers.ts";
import type { Frame } from "./frame.ts";
import type { Words } from "./words/words.ts";
import { type Html, lines, markup, NO_HTML, trusted } from "../render/html.ts";

/** What a page shows. */
export interface PageContent {
  /** Title, as text. */
  readonly title: string;
  /** What stands in the main part, as HTML, with its heading. */
  readonly content: Html;
  /** Default 200. */
  readonly status?: number;
  /** Further headers. */
  readonly headers?: readonly Header[];
}

/**
 * Renders a page.
 *
 * @param program name and version of the program: `Mirrorbits/1.2.3`
 * @param frame what stands around the content
 * @param page what it shows
 * @returns the answer, with the page as text
 */
export function renderPage(
  program: string,
  frame: Frame,
  { title, content, status = 200, headers = [] }: PageContent,
): Answer {
  const { words } = frame;
  const part = {
    logo: markup`<img src="${frame.logo}" alt="" width="28" height="28">`,
    title: markup`${title}`,
    program: markup`${program.replace("/", " ")}`,
    navigation: navigation(frame),
    notes: markup`${words.text("frame.footer")}`,
    languages: languages(frame),
  };
  const language = markup`lang="${words.tag}"${
    words.direction === "rtl" ? markup` dir="rtl"` : NO_HTML
  }`;
  // A frame that says another language is right about everything but the content.
  const whole = frame.saysLanguage || words.tag === "en"
    ? content
    : markup`<div ${language}>${content}</div>`;
  const body = frame.page({
    head: headOf(frame, part.title),
    header: trusted(frame.header(part)),
    content: whole,
    footer: trusted(`${frame.footer(part)}${frame.credit}`),
    script: markup`<script>${trusted(frame.script)}</script>`,
    title: part.title,
    language,
    skip: markup`${words.text("frame.skip")}`,
  });
  return {
    status,
    headers: [
      NOT_CACHED,
      ["Content-Type", "text/html; charset=utf-8"],
      ["Content-Language", words.tag],
      VARY_ACCEPT,
      VARY_LANGUAGE,
      NO_SNIFF,
      ["Content-Security-Policy", frame.securityPolicy],
      ...headers,
    ],
    body,
    // A refusal is read once.
    tagged: status === 200,
    compressible: true,
  };
}

function navigation({ words, lang, statistics }: Frame): Html {
  if (!statistics) return NO_HTML;
  const suffix = lang === null ? "" : `&lang=${lang}`;
  return markup`<nav aria-label="${words.text("frame.pages")}"><a href="/?mirrorstats${suffix}">${
    words.text("frame.statistics")
  }</a></nav>`;
}

/** Links to the same page in each other language. */
function languages({ words, languages, query }: Frame): Html {
  if (languages.length < 2) return NO_HTML;
  const links = languages.map(({ tag, name, direction }) => {
    const own = markup`lang="${tag}" dir="${direction}"`;
    if (tag === words.tag) return markup`<li><span aria-current="true" ${own}>${name}</span></li>`;
    const target = `?${query === "" ? "" : `${query}&`}lang=${tag}`;
    return markup`<li><a rel="nofollow" hreflang="${tag}" ${own} href="${target}">${name}</a></li>`;
  });
  return markup`<nav class="languages" aria-label="${words.text("frame.languages")}"><ul>
${lines(links)}
</ul></nav>`;
}

/** What the script says; it finds the words there. */
function scriptWords(words: Words): string {
  return JSON.stringify({
    copy: words.text("copy"),
    done: words.text("copy.done"),
    failed: words.text("copy.failed"),
    none: words.text("filter.none"),
  });
}

function headOf(frame: Frame, title: Html): Html {
  return markup`<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="words" content="${scriptWords(frame.words)}">
<title>${title}</title>
<link rel="icon" href="${frame.logo}">
<style>${trusted(frame.style)}</style>`;
}
