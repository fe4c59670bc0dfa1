import type { Answer } from "../render/answer.ts";
import { isPlainError } from "../render/error.ts";
import { type Html, lines, markup, NO_HTML } from "../render/html.ts";
import { waitingHelps } from "../render/why_nobody.ts";
import type { Frame } from "./frame.ts";
import { renderPage } from "./page.ts";
import { EN, type MessageKey } from "./words/en.ts";
import type { Words } from "./words/words.ts";

/** Headers of the plain answer that hold for the page too. */
const KEPT = ["Allow", "Retry-After"];

/** Where somebody may go on. */
export interface ErrorLink {
  /** URL path, encoded, perhaps with a query. */
  readonly target: string;
  /** What it is. */
  readonly kind: "above" | "list" | "front";
  /** Decoded path, for what has one. */
  readonly path?: string;
}

/** What a page about an error shows. */
export interface ErrorContent {
  /** What a tool is told: `Not Found: the repository has no such file`. */
  readonly message: string;
  /** Decoded path that was asked for; `null`: it was not understood. */
  readonly path: string | null;
  /** Where somebody may go on. */
  readonly links: readonly ErrorLink[];
  /** Paths that look like what was asked for: decoded, and encoded. */
  readonly similar: readonly { readonly path: string; readonly target: string }[];
}

/**
 * Renders a refusal or a failure for people: what it is, why, and where to go on.
 *
 * @param program name and version of the program
 * @param frame what stands around the content
 * @param plain the answer that a tool would get
 * @param content what the page shows
 * @returns a page with the same status
 */
export function renderErrorPage(
  program: string,
  frame: Frame,
  plain: Pick<Answer, "status" | "headers" | "why">,
  { message, path, links, similar }: ErrorContent,
): Answer {
  const { status, headers } = plain;
  const { words } = frame;
  const colon = message.indexOf(": ");
  // What few ever see is said in English alone.
  const title = colon < 0 ? message : sayIf(words, `error.${status}`) ?? message.slice(0, colon);
  const shown = path === null
    ? NO_HTML
    : markup`<p class="asked">${
      words.html("error.asked", { path: markup`<bdi><code>${path}</code></bdi>` })
    }</p>`;
  return renderPage(program, frame, {
    title: `${status} ${title}`,
    status,
    headers: headers.filter(([name]) => KEPT.includes(name)),
    content: markup`<section class="error card"><p class="status" aria-hidden="true">${status}</p>
<div class="what">
<h1>${title}</h1>
${shown}
${detailHtml(words, plain, message)}
${similarHtml(words, similar)}
${linksHtml(words, links)}
</div></section>`,
  });
}

function detailHtml(
  words: Words,
  { status, why }: Pick<Answer, "status" | "why">,
  message: string,
): Html {
  if (why !== undefined) {
    const key = `unavailable.${why.type}` as const;
    const text = "count" in why ? words.text(key, { count: why.count }) : words.text(key);
    const wait = words.text(waitingHelps(why) ? "error.wait.yes" : "error.wait.no");
    return markup`<p>${text} ${wait}</p>`;
  }
  const said = isPlainError(status, message) ? sayIf(words, `error.${status}.text`) : null;
  if (said !== null) return markup`<p>${said}</p>`;
  const colon = message.indexOf(": ");
  if (colon < 0) return NO_HTML;
  const detail = message.slice(colon + 2);
  return markup`<p>${detail.slice(0, 1).toUpperCase()}${detail.slice(1)}.</p>`;
}

function similarHtml(words: Words, similar: ErrorContent["similar"]): Html {
  if (similar.length === 0) return NO_HTML;
  const items = similar.map(({ path, target }) =>
    markup`<li><a href="${target}"><bdi>${path}</bdi></a></li>`
  );
  return markup`<h2>${words.text("error.maybe")}</h2>
<ul class="similar">
${lines(items)}
</ul>`;
}

function linksHtml(words: Words, links: readonly ErrorLink[]): Html {
  if (links.length === 0) return NO_HTML;
  const items = links.map(({ target, kind, path = "" }) => {
    const text = words.html(`error.${kind}`, { path: markup`<bdi>${path}</bdi>` });
    return markup`<li><a href="${target}">${text}</a></li>`;
  });
  return markup`<ul class="links">
${lines(items)}
</ul>`;
}

function sayIf(words: Words, key: string): string | null {
  return Object.hasOwn(EN, key) ? words.text(key as MessageKey) : null;
}
