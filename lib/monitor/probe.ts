import { VERSION } from "../version.ts";
import type { MonitorFetch } from "./http_client.ts";

/** What a mirror answered to a HEAD request for a file it should have. */
export type ProbeResult =
  /** 200; the size is in bytes, `null` when the answer does not tell. */
  | { readonly type: "found"; readonly size: number | null }
  /** Any other status; a redirect that may not be followed is told apart. */
  | { readonly type: "status"; readonly status: number }
  | { readonly type: "unauthorized_redirect" }
  /** No answer, a TLS error, a time-out, or too many redirects. */
  | { readonly type: "unreachable" };

/** What {@linkcode probe} takes. */
export interface ProbeOptions {
  readonly url: string;
  readonly fetch: MonitorFetch;
  /** Whether redirects are followed. */
  readonly redirects: boolean;
  readonly signal: AbortSignal;
  /** Milliseconds in all; default 40 000. */
  readonly timeout?: number;
}

const MAX_REDIRECTS = 10;
const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

/**
 * Asks a mirror for the head of a file.
 *
 * @throws the signal's reason when it was aborted
 */
export async function probe(options: ProbeOptions): Promise<ProbeResult> {
  const { fetch, redirects, timeout = 40_000 } = options;
  const signal = AbortSignal.any([options.signal, AbortSignal.timeout(timeout)]);
  let url = options.url;
  try {
    for (let followed = 0; followed <= MAX_REDIRECTS; followed++) {
      const response = await fetch(url, {
        method: "HEAD",
        redirect: "manual",
        // A compressed answer would have another size.
        headers: {
          "user-agent": `Mirrorbits/${VERSION} PING CHECK`,
          "accept-encoding": "identity",
        },
        signal,
      });
      await response.body?.cancel();
      const { status, headers } = response;
      if (status === 200) return { type: "found", size: sizeOf(headers) };
      const location = headers.get("location");
      if (!REDIRECTS.has(status) || location === null) return { type: "status", status };
      if (!redirects) return { type: "unauthorized_redirect" };
      const target = new URL(location, url);
      // fetch() would read local files, too.
      if (target.protocol !== "http:" && target.protocol !== "https:") break;
      url = target.href;
    }
  } catch {
    options.signal.throwIfAborted();
  }
  return { type: "unreachable" };
}

function sizeOf(headers: Headers): number | null {
  const length = headers.get("content-length");
  if (length === null || !/^\d+$/.test(length)) return null;
  return (headers.get("content-encoding") ?? "identity") === "identity" ? Number(length) : null;
}
