import type { Answer } from "./answer.ts";
import { NO_SNIFF } from "./headers.ts";

/**
 * Renders the answer to `/?healthz`, for load balancers: whether this server should be sent requests.
 *
 * @param trouble what keeps it from answering, in words; `null`: nothing
 * @param but what is wrong though it answers, in words; `null`: nothing
 * @returns 200 and `ok` or `ok, but: …`, or 503 and the words
 */
export function renderHealth(trouble: string | null, but: string | null): Answer {
  const line = trouble ?? (but === null ? "ok" : `ok, but: ${but}`);
  return {
    status: trouble === null ? 200 : 503,
    headers: [
      ["Content-Type", "text/plain; charset=utf-8"],
      ["Cache-Control", "no-store"],
      NO_SNIFF,
    ],
    body: `${line}\n`,
    tagged: false,
    compressible: false,
    counts: "file",
  };
}
