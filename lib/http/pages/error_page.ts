import { escapeHtml } from "../render/escape_html.ts";
import type { Header } from "../render/headers.ts";
import type { Frame } from "./frame.ts";
import { renderPage } from "./page.ts";

/** Headers of the plain answer that hold for the page too. */
const KEPT = ["allow", "retry-after"];

/**
 * Renders a refusal or a failure for people.
 *
 * @param frame what stands around the content
 * @param plain the answer that a tool would get
 * @param text its text: `Not Found: the repository has no such file`
 * @returns a page with the same status
 */
export function renderErrorPage(frame: Frame, plain: Response, text: string): Response {
  const { status, headers } = plain;
  const colon = text.indexOf(": ");
  const title = colon < 0 ? text : text.slice(0, colon);
  const detail = colon < 0
    ? ""
    : `${text.slice(colon + 2, colon + 3).toUpperCase()}${text.slice(colon + 3)}.`;
  const server: Header = ["Server", headers.get("server") ?? ""];
  return renderPage(server, frame, {
    title: `${status} ${title}`,
    status,
    headers: KEPT.flatMap((name): Header[] => {
      const value = headers.get(name);
      return value === null ? [] : [[name, value]];
    }),
    content: `<section class="error"><p class="status" aria-hidden="true">${status}</p>
<h1>${escapeHtml(title)}</h1>
<p>${escapeHtml(detail)}</p></section>`,
  });
}
