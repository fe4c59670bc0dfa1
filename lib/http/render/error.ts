import type { Answer } from "./answer.ts";
import { type Header, NO_CACHE, NO_SNIFF, RETRY_AFTER } from "./headers.ts";
import { waitingHelps, type WhyNobody } from "./why_nobody.ts";

const TEXTS = {
  400: "Bad Request: the address is not well-formed",
  403: "Forbidden: this file may not be downloaded",
  404: "Not Found: the repository has no such file",
  405: "Method Not Allowed: only GET and HEAD are",
  412: "Precondition Failed: the file is another one by now",
  414: "URI Too Long: no file has such a long name",
  416: "Range Not Satisfiable: the file has no such part",
  500: "Internal Server Error: this request failed",
  503: "Service Unavailable: nobody can serve this now, try again later",
} as const;

/** Why nobody serves, for tools. */
const WHY: Readonly<Record<WhyNobody["type"], string>> = {
  store: "the index of the files cannot be reached",
  unscanned: "this file is not scanned yet",
  no_mirror: "no mirror has this file yet",
  directory: "this is a directory, and nobody serves directories",
  down: "no mirror that has this file can be used now",
  you: "no mirror that has this file may serve you",
  busy: "too many fetch this file from here now",
};

/** Why there is no document about a file that left the source. */
export const GONE = "Not Found: this file left the repository";

/** A status that stands for a refusal or a failure. */
export type ErrorStatus = keyof typeof TEXTS;

/**
 * Renders a refusal or a failure as plain text. Details belong to the log.
 *
 * @param status the status; 405 names the methods that are allowed, 503 when to come again
 * @param text what the client reads; default: the name of the status and what it means here
 * @returns the answer, which says the same to browsers on a page
 */
export function renderError(
  status: ErrorStatus,
  text: string = TEXTS[status],
): Answer {
  const headers: Header[] = [["Content-Type", "text/plain; charset=utf-8"], NO_CACHE, NO_SNIFF];
  if (status === 405) headers.push(["Allow", "GET, HEAD"]);
  if (status === 503) headers.push(RETRY_AFTER);
  return {
    status,
    headers,
    body: `${text}\n`,
    tagged: false,
    compressible: true,
    message: text,
  };
}

/**
 * Renders that nobody serves a file, and says whether waiting helps.
 *
 * @param why nobody does
 */
export function renderUnavailable(why: WhyNobody): Answer {
  const later = waitingHelps(why) ? ", try again later" : "";
  return { ...renderError(503, `Service Unavailable: ${WHY[why.type]}${later}`), why };
}

/**
 * Whether a text is the one that a status has when nobody says more.
 *
 * @param status of a refusal or a failure
 * @param text what it says
 */
export function isPlainError(status: number, text: string): boolean {
  return (TEXTS as Readonly<Record<number, string>>)[status] === text;
}
