import type { Answer } from "./answer.ts";
import { NO_CACHE, NO_SNIFF } from "./headers.ts";

/**
 * Renders the answer for a client whom the configuration refuses: a terse text, for browsers, too.
 *
 * @param status 400 to 599
 */
export function renderRefusal(status: number): Answer {
  const text = status === 451
    ? "Unavailable For Legal Reasons: this server does not serve where you are"
    : "Refused: this server does not serve where you are";
  return {
    status,
    headers: [["Content-Type", "text/plain; charset=utf-8"], NO_CACHE, NO_SNIFF],
    body: `${text}\n`,
    tagged: false,
    compressible: true,
  };
}
