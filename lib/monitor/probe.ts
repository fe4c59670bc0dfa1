import type { Clock } from "../clock/clock.ts";
import { type FailureCause, failureCause } from "../log/failure_cause.ts";
import { VERSION } from "../version.ts";
import { followRedirects, RedirectError, type RedirectRule } from "./follow_redirects.ts";
import { isOutOfDescriptors } from "../log/out_of_descriptors.ts";

/** What a mirror answered to a HEAD request for a file it should have. */
export type ProbeResult =
  /** 200; the size is in bytes, `null` when the answer does not tell. */
  | { readonly type: "found"; readonly size: number | null }
  /** Any other status, with what the header `Retry-After` says. */
  | { readonly type: "status"; readonly status: number; readonly retryAfter: string | null }
  /** A redirect that is not followed, why, and where it leads. */
  | { readonly type: "redirect"; readonly reason: string; readonly target: string }
  /** No answer, a TLS error, a time-out, or too many redirects. */
  | { readonly type: "unreachable"; readonly cause: FailureCause };

/** What {@linkcode probe} takes. */
export interface ProbeOptions extends RedirectRule {
  readonly url: string;
  readonly signal: AbortSignal;
  readonly clock: Pick<Clock, "timeout">;
  /** Milliseconds in all; default 40 000. */
  readonly timeout?: number;
}

/**
 * Asks a mirror for the head of a file.
 *
 * @throws the signal's reason when it was aborted
 * @throws Error when there is no file descriptor for it
 */
export async function probe(options: ProbeOptions): Promise<ProbeResult> {
  const { url, clock, timeout = 40_000 } = options;
  const signal = AbortSignal.any([options.signal, clock.timeout(timeout)]);
  // A compressed answer would have another size.
  const headers = {
    "user-agent": `Mirrorbits/${VERSION} PING CHECK`,
    "accept-encoding": "identity",
  };
  try {
    const response = await followRedirects(url, { method: "HEAD", headers, signal }, options);
    await response.body?.cancel();
    const { status } = response;
    return status === 200
      ? { type: "found", size: sizeOf(response.headers) }
      : { type: "status", status, retryAfter: response.headers.get("retry-after") };
  } catch (error) {
    options.signal.throwIfAborted();
    // It says nothing about the mirror.
    if (isOutOfDescriptors(error)) throw error;
    return error instanceof RedirectError
      ? { type: "redirect", reason: error.message, target: error.target }
      : { type: "unreachable", cause: failureCause(error) };
  }
}

function sizeOf(headers: Headers): number | null {
  const length = headers.get("content-length");
  if (length === null || !/^\d+$/.test(length)) return null;
  return (headers.get("content-encoding") ?? "identity") === "identity" ? Number(length) : null;
}
