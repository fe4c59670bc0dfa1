import { type Header, NO_SNIFF } from "./headers.ts";

/**
 * Renders the answer to `/?healthz`, for load balancers: whether this server should be sent requests.
 *
 * @param server the Server header
 * @param trouble what keeps it from answering well, in words; `null`: nothing
 * @returns 200 and `ok`, or 503 and the words
 */
export function renderHealth(server: Header, trouble: string | null): Response {
  return new Response(`${trouble ?? "ok"}\n`, {
    status: trouble === null ? 200 : 503,
    headers: [
      server,
      ["Content-Type", "text/plain; charset=utf-8"],
      ["Cache-Control", "no-store"],
      NO_SNIFF,
    ],
  });
}
