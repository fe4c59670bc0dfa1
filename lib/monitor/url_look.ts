import { encodePath } from "../catalog/encode_path.ts";
import type { ListedFile } from "../catalog/file.ts";
import { joinUrl } from "../catalog/join_url.ts";
import type { Clock } from "../clock/clock.ts";
import { failureCause } from "../log/failure_cause.ts";
import { VERSION } from "../version.ts";
import { followRedirects, RedirectError, type RedirectRule } from "./follow_redirects.ts";

/** How a server is asked. */
export interface AskOptions extends RedirectRule {
  /** Base URL of the mirror, with its scheme and a slash at the end. */
  readonly url: string;
  readonly clock: Pick<Clock, "timeout">;
  readonly signal: AbortSignal;
}

/** Milliseconds for one answer. */
const PATIENCE = 20_000;

/** What a server said of a file, or why it said nothing. */
export type Look =
  | {
    readonly type: "answer";
    readonly status: number;
    /** Bytes; `null`: it does not tell, or compresses. */
    readonly size: number | null;
    /** Milliseconds since the epoch; `null`: it does not tell. */
    readonly modTime: number | null;
  }
  | { readonly type: "redirect"; readonly why: string }
  | { readonly type: "unreachable"; readonly why: string };

/** A file, and what was said of it. */
export interface Seen {
  readonly file: ListedFile;
  readonly look: Look;
}

/**
 * Asks for the head of a file.
 *
 * @throws the signal's reason when it was aborted
 */
export async function lookAt(file: ListedFile, options: AskOptions): Promise<Look> {
  try {
    const response = await ask(joinUrl(options.url, encodePath(file.path)), "HEAD", {}, options);
    await response.body?.cancel();
    const { headers, status } = response;
    const plain = (headers.get("content-encoding") ?? "identity") === "identity";
    const length = headers.get("content-length");
    const modified = Date.parse(headers.get("last-modified") ?? "");
    return {
      type: "answer",
      status,
      size: plain && length !== null && /^\d+$/.test(length) ? Number(length) : null,
      modTime: Number.isNaN(modified) ? null : modified,
    };
  } catch (error) {
    options.signal.throwIfAborted();
    return error instanceof RedirectError
      ? { type: "redirect", why: `${error.message}: ${error.target}` }
      : { type: "unreachable", why: failureCause(error).text };
  }
}

/**
 * Asks for anything.
 *
 * @param further headers
 * @throws {RedirectError} when a redirect is not followed
 * @throws Error when there is no answer
 */
export async function ask(
  url: string,
  method: "GET" | "HEAD",
  further: Readonly<Record<string, string>>,
  options: AskOptions,
): Promise<Response> {
  const signal = AbortSignal.any([options.signal, options.clock.timeout(PATIENCE)]);
  const headers = {
    "user-agent": `Mirrorbits/${VERSION} URL CHECK`,
    "accept-encoding": "identity",
    ...further,
  };
  return await followRedirects(url, { method, headers, signal }, options);
}
