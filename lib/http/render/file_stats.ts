import type { Answer } from "./answer.ts";
import { NO_CACHE, NO_SNIFF } from "./headers.ts";

/**
 * Renders how often a file was downloaded.
 *
 * @param counts names and numbers, as they are shown
 * @returns JSON, indented by four spaces
 */
export function renderFileStats(counts: Readonly<Record<string, string | number>>): Answer {
  return {
    status: 200,
    // Not application/json: the type is the one that clients have been getting for years.
    headers: [["Content-Type", "text/plain; charset=utf-8"], NO_CACHE, NO_SNIFF],
    body: JSON.stringify(counts, null, 4),
    tagged: false,
    compressible: true,
  };
}
