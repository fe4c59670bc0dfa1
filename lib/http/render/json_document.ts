import type { Answer } from "./answer.ts";
import { NO_SNIFF, NOT_CACHED, VARY_ACCEPT } from "./headers.ts";

/**
 * Renders facts of a page as JSON, for who asks for that instead of HTML.
 *
 * @param pretty indent by four spaces
 * @returns a 200
 */
export function renderJsonDocument(value: unknown, pretty: boolean): Answer {
  return {
    status: 200,
    headers: [
      NOT_CACHED,
      ["Content-Type", "application/json; charset=utf-8"],
      VARY_ACCEPT,
      NO_SNIFF,
    ],
    body: JSON.stringify(value, null, pretty ? 4 : 0),
    tagged: true,
    compressible: true,
  };
}
