import type { Clock } from "../clock/clock.ts";
import { encodePath } from "../catalog/encode_path.ts";
import { joinUrl } from "../catalog/join_url.ts";
import { VERSION } from "../version.ts";

/** What is needed of `fetch()`; the program's own bounds the time to connect to 20 s. */
export type TraceFetch = (url: string, init: RequestInit) => Promise<Response>;

/** What {@linkcode readTrace} takes. */
export interface TraceOptions {
  /** Base URL of the mirror; without a scheme HTTPS is tried, then HTTP. */
  readonly httpUrl: string;
  /** Path of the trace file below the base URL. */
  readonly location: string;
  readonly fetch: TraceFetch;
  readonly clock: Pick<Clock, "timeout">;
  readonly signal: AbortSignal;
  /** Milliseconds for each request in all; default 40 000. */
  readonly timeout?: number;
}

/** Bytes that are read of a trace file. */
const MAX_LENGTH = 1024;

/**
 * Reads the time in a mirror's trace file: its first word, in seconds since the epoch.
 *
 * @returns milliseconds since the epoch
 * @throws {Error} saying why there is none
 */
export async function readTrace(options: TraceOptions): Promise<number> {
  const { httpUrl, location } = options;
  const bases = /^https?:\/\//i.test(httpUrl)
    ? [httpUrl]
    : [`https://${httpUrl}`, `http://${httpUrl}`];
  let failure: unknown;
  for (const base of bases) {
    try {
      return parseTrace(await get(joinUrl(base, encodePath(location)), options));
    } catch (error) {
      options.signal.throwIfAborted();
      failure = error;
    }
  }
  throw failure;
}

async function get(
  url: string,
  { fetch, signal, clock, timeout = 40_000 }: TraceOptions,
): Promise<string> {
  const response = await fetch(url, {
    headers: { "user-agent": `Mirrorbits/${VERSION} TRACE` },
    signal: AbortSignal.any([signal, clock.timeout(timeout)]),
  });
  if (response.status !== 200) {
    await response.body?.cancel();
    throw new Error(`Got status code ${response.status}`);
  }
  let text = "";
  for await (
    const part of (response.body ?? new Blob().stream()).pipeThrough(new TextDecoderStream())
  ) {
    text += part;
    if (text.length >= MAX_LENGTH) break;
  }
  return text;
}

function parseTrace(text: string): number {
  const word = text.trim().split(/\s/, 1)[0] ?? "";
  const seconds = Number(word);
  if (!/^\d{1,12}$/.test(word)) throw new Error("It does not start with a number of seconds");
  return seconds * 1000;
}
