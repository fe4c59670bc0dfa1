import { type Header, NO_SNIFF, RETRY_AFTER } from "./headers.ts";

const TEXTS = {
  400: "Bad Request",
  403: "Forbidden",
  404: "Not Found",
  405: "Method Not Allowed",
  500: "Internal Server Error",
  503: "Service Unavailable",
} as const;

/** A status that stands for a refusal or a failure. */
export type ErrorStatus = keyof typeof TEXTS;

/**
 * Renders a refusal or a failure as plain text. Details belong to the log.
 *
 * @param server the Server header
 * @param status the status; 405 names the methods that are allowed, 503 when to come again
 * @param text what the client reads; default: the name of the status
 * @returns the response
 */
export function renderError(
  server: Header,
  status: ErrorStatus,
  text: string = TEXTS[status],
): Response {
  const headers: Header[] = [server, ["Content-Type", "text/plain; charset=utf-8"], NO_SNIFF];
  if (status === 405) headers.push(["Allow", "GET, HEAD"]);
  if (status === 503) headers.push(RETRY_AFTER);
  return new Response(`${text}\n`, { status, headers });
}
