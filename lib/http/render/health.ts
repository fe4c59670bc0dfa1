import type { Answer } from "./answer.ts";
import { NO_SNIFF } from "./headers.ts";

/**
 * Renders the answer to `/?healthz`, for load balancers: whether this server should be sent requests.
 *
 * @param trouble what keeps it from answering well, in words; `null`: nothing
 * @returns 200 and `ok`, or 503 and the words
 */
export function renderHealth(trouble: string | null): Answer {
  return {
    status: trouble === null ? 200 : 503,
    headers: [
      ["Content-Type", "text/plain; charset=utf-8"],
      ["Cache-Control", "no-store"],
      NO_SNIFF,
    ],
    body: `${trouble ?? "ok"}\n`,
    tagged: false,
    compressible: false,
  };
}
