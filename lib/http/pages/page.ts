import type { Answer } from "../render/answer.ts";
import { type Header, NO_SNIFF, NOT_CACHED, VARY_ACCEPT } from "../render/headers.ts";
import type { Frame } from "./frame.ts";
import { type Html, markup, trusted } from "../render/html.ts";

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
  const part = {
    logo: markup`<img src="${frame.logo}" alt="" width="28" height="28">`,
    title: markup`${title}`,
    program: markup`${program.replace("/", " ")}`,
  };
  const body = frame.page({
    head: headOf(frame, part.title),
    header: trusted(frame.header(part)),
    content,
    footer: trusted(frame.footer(part)),
    script: markup`<script>${trusted(frame.script)}</script>`,
    title: part.title,
  });
  return {
    status,
    headers: [
      NOT_CACHED,
      ["Content-Type", "text/html; charset=utf-8"],
      VARY_ACCEPT,
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

function headOf(frame: Frame, title: Html): Html {
  return markup`<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title}</title>
<link rel="icon" href="${frame.logo}">
<style>${trusted(frame.style)}</style>`;
}
