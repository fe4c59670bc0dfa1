import type { Answer } from "../render/answer.ts";
import type { Frame } from "./frame.ts";
import { renderPage } from "./page.ts";
import { markup, NO_HTML } from "../render/html.ts";

/** Headers of the plain answer that hold for the page too. */
const KEPT = ["Allow", "Retry-After"];

/** Where somebody may go on. */
export interface ErrorLink {
  /** URL path, encoded. */
  readonly target: string;
  readonly text: string;
}

/**
 * Renders a refusal or a failure for people.
 *
 * @param program name and version of the program
 * @param frame what stands around the content
 * @param plain the answer that a tool would get
 * @param message what it says: `Not Found: the repository has no such file`
 * @param link what may help; `null`: nothing
 * @returns a page with the same status
 */
export function renderErrorPage(
  program: string,
  frame: Frame,
  { status, headers }: Pick<Answer, "status" | "headers">,
  message: string,
  link: ErrorLink | null = null,
): Answer {
  const colon = message.indexOf(": ");
  const title = colon < 0 ? message : message.slice(0, colon);
  const detail = colon < 0
    ? ""
    : `${message.slice(colon + 2, colon + 3).toUpperCase()}${message.slice(colon + 3)}.`;
  return renderPage(program, frame, {
    title: `${status} ${title}`,
    status,
    headers: headers.filter(([name]) => KEPT.includes(name)),
    content: markup`<section class="error"><p class="status" aria-hidden="true">${status}</p>
<h1>${title}</h1>
<p>${detail}</p>
${link === null ? NO_HTML : markup`<p><a href="${link.target}">${link.text}</a></p>`}</section>`,
  });
}
