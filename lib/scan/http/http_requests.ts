import { concat } from "@std/bytes";
import type { Clock } from "../../clock/clock.ts";
import { failureCause } from "../../log/failure_cause.ts";
import { VERSION } from "../../version.ts";
import { ListingError } from "../lister.ts";
import { TokenBucket } from "./token_bucket.ts";
import { mayFollow, type RedirectMemory } from "./walk_redirects.ts";

/** What is needed of `fetch()`. */
export type ScanFetch = (url: string, init: RequestInit) => Promise<Response>;

/** What {@linkcode HttpRequests} takes. */
export interface HttpRequestsOptions {
  /** Base URL with scheme and a trailing slash. */
  readonly base: URL;
  readonly fetch: ScanFetch;
  readonly clock: Pick<Clock, "delay" | "elapsed" | "now" | "timeout">;
  /** Requests a second. */
  readonly rate: number;
  /** Whether the mirror may send elsewhere. */
  readonly redirects: boolean;
  /** Whether a host, of a public mirror, may be asked; throws when it leads to a private address. */
  readonly mayAsk: (target: URL, from: URL) => Promise<boolean>;
  /** Ends everything. */
  readonly signal: AbortSignal;
}

/** What came of a request. */
export type HttpAnswer =
  | {
    readonly type: "answer";
    readonly status: number;
    readonly headers: Headers;
    readonly body: Uint8Array;
    /** Where it came from at last. */
    readonly url: URL;
  }
  /** A redirect that is not followed. */
  | { readonly type: "elsewhere" }
  /** No answer, or one that broke off, or a page that is too large. */
  | { readonly type: "failed"; readonly reason: string };

/** Thrown when a scan had better end with what it knows. */
export class EndsEarlyError extends Error {
  /** See `Error.name`. */
  override readonly name = "EndsEarlyError";
}

/** What every request of a scan says of itself. */
export const SCAN_HEADERS = { "user-agent": `Mirrorbits/${VERSION} SCAN` } as const;

/** Bytes of one page, and of all pages of a scan. */
const MAX_PAGE = 32 * 1024 * 1024;
const MAX_SCAN = 2 * 1024 * 1024 * 1024;

/** Milliseconds to the head of an answer, between parts of a body, and for a page in all. */
const HEAD_TIME = 50_000;
const PART_TIME = 30_000;
const PAGE_TIME = 120_000;

/** Milliseconds that a server may ask us to wait, all times together. */
const MAX_WAIT = 300_000;

/** Requests in a row that fail, until the scan ends. */
const MAX_FAILURES = 20;

const DISALLOWED = "robots.txt disallows it";

const REDIRECTS = new Set([301, 302, 303, 307, 308]);
const MAX_REDIRECTS = 3;

/** Answers below which a server counts as slow, and by how much, in milliseconds. */
const SAMPLE = 20;
const SLOW = 2000;

/** The requests of one scan: politely, one after the other as fast as the rate allows. */
export class HttpRequests {
  readonly #options: HttpRequestsOptions;
  readonly #bucket: TokenBucket;
  readonly #memory: RedirectMemory = { host: null, direct: false };
  #failures = 0;
  #waited = 0;
  #received = 0;
  #count = 0;
  #times: number[] = [];
  #allows: (path: string) => boolean = () => true;

  constructor(options: HttpRequestsOptions) {
    this.#options = options;
    this.#bucket = new TokenBucket(options.clock, options.rate);
  }

  /** How many were made. */
  get count(): number {
    return this.#count;
  }

  /** How many are made a second, at most, as it is now. */
  get rate(): number {
    return this.#bucket.rate;
  }

  /** Asks for nothing more that the site disallows. @param allows of a path with a leading slash */
  obey(allows: (path: string) => boolean): void {
    this.#allows = allows;
  }

  /** Leaves so many seconds between two, for a server that asks for that in its `robots.txt`. */
  slowTo(seconds: number): void {
    this.#bucket.limit(1 / seconds);
  }

  /**
   * Asks for something below the base URL.
   *
   * @param path encoded, without a leading slash
   * @param headers further ones
   * @throws {EndsEarlyError}
   * @throws the signal's reason when it was aborted
   */
  async ask(
    method: "GET" | "HEAD",
    path: string,
    headers: Readonly<Record<string, string>>,
  ): Promise<HttpAnswer> {
    return await this.#ask(method, path, headers, this.#options.base.href, this.#memory);
  }

  /**
   * Asks for something of the origin that the base URL is in.
   *
   * @param path encoded, without a leading slash, perhaps with a query
   */
  async askOrigin(path: string): Promise<HttpAnswer> {
    const { origin } = this.#options.base;
    return await this.#ask("GET", path, { accept: "application/xml" }, `${origin}/`, this.#memory);
  }

  /**
   * Asks for something of the whole site.
   *
   * @param path encoded, without a leading slash
   * @param most bytes that are read of it; what follows is left
   */
  async askSite(path: string, most: number): Promise<HttpAnswer> {
    const { origin } = this.#options.base;
    return await this.#ask("GET", path, {}, `${origin}/`, { host: null, direct: true }, most);
  }

  async #ask(
    method: "GET" | "HEAD",
    path: string,
    headers: Readonly<Record<string, string>>,
    base: string,
    memory: RedirectMemory,
    most = Infinity,
  ): Promise<HttpAnswer> {
    const start = new URL(base + path);
    if (!this.#allows(start.pathname)) return { type: "failed", reason: DISALLOWED };
    const below = path.replace(/\?.*$/s, "");
    let url = start;
    for (let followed = 0; followed <= MAX_REDIRECTS; followed++) {
      const answer = await this.#once(method, url, headers, most);
      if (answer.type !== "answer" || !REDIRECTS.has(answer.status)) {
        if (answer.type === "answer" && url.host === start.host) memory.direct = true;
        return answer;
      }
      const location = answer.headers.get("location");
      const target = location !== null && URL.canParse(location, url.href)
        ? new URL(location, url)
        : null;
      const { redirects, mayAsk } = this.#options;
      if (target === null || !mayFollow(start, target, below, redirects, memory)) {
        return { type: "elsewhere" };
      }
      if (target.host !== start.host && !await mayAsk(target, start)) return { type: "elsewhere" };
      if (target.hostname === start.hostname) {
        [target.username, target.password] = [start.username, start.password];
      }
      url = target;
    }
    return { type: "elsewhere" };
  }

  /** One request; again when the server asks to wait. */
  async #once(
    method: string,
    url: URL,
    headers: Readonly<Record<string, string>>,
    most: number,
  ): Promise<HttpAnswer> {
    const { signal } = this.#options;
    while (true) {
      await this.#bucket.take(signal);
      this.#count++;
      const began = this.#options.clock.elapsed();
      const answer = await this.#send(method, url, headers, most);
      const busy = answer.type === "answer" && (answer.status === 429 || answer.status === 503);
      if (busy) {
        this.#bucket.slowDown(began);
        const wait = retryAfter(answer.headers, this.#options.clock.now());
        if (wait !== null) {
          this.#waited += wait;
          if (this.#waited > MAX_WAIT) {
            throw new EndsEarlyError(`The server asks to wait (status code ${answer.status})`);
          }
          this.#bucket.pause(wait);
          continue;
        }
      }
      const failed = answer.type === "failed" ||
        (answer.type === "answer" && answer.status >= 500) ||
        busy;
      this.#failures = failed ? this.#failures + 1 : 0;
      if (this.#failures >= MAX_FAILURES) {
        throw new EndsEarlyError(`${MAX_FAILURES} requests in a row failed`);
      }
      return answer;
    }
  }

  async #send(
    method: string,
    url: URL,
    headers: Readonly<Record<string, string>>,
    most: number,
  ): Promise<HttpAnswer> {
    const { fetch, clock, signal } = this.#options;
    const start = clock.elapsed();
    const limit = new AbortController();
    const page = clock.timeout(PAGE_TIME);
    const bounded = AbortSignal.any([signal, limit.signal, page]);
    const late = clock.timeout(HEAD_TIME);
    const stop = (): void => limit.abort(new Error("It does not answer"));
    late.addEventListener("abort", stop);
    try {
      const response = await fetch(url.href, {
        method,
        redirect: "manual",
        headers: { ...SCAN_HEADERS, ...headers },
        signal: bounded,
      });
      late.removeEventListener("abort", stop);
      this.#timed(clock.elapsed() - start);
      const { status } = response;
      const wanted = method === "GET" && status === 200 && headers.range === undefined;
      const body = wanted ? await this.#body(response, limit, most) : EMPTY;
      if (!wanted) await response.body?.cancel();
      return { type: "answer", status, headers: response.headers, body, url };
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof EndsEarlyError) throw error;
      return { type: "failed", reason: whyNot(error, late, page) };
    } finally {
      late.removeEventListener("abort", stop);
    }
  }

  /** Reads a page, as far as it has an end. */
  async #body(response: Response, limit: AbortController, most: number): Promise<Uint8Array> {
    const { clock } = this.#options;
    const parts: Uint8Array[] = [];
    let length = 0;
    const reader = response.body?.getReader();
    if (!reader) return EMPTY;
    while (true) {
      const late = clock.timeout(PART_TIME);
      const stop = (): void => limit.abort(new StoppedError("It stopped within the page"));
      late.addEventListener("abort", stop);
      const { done, value } = await reader.read().finally(() =>
        late.removeEventListener("abort", stop)
      );
      if (done) break;
      length += value.length;
      this.#received += value.length;
      if (this.#received > MAX_SCAN) {
        throw new EndsEarlyError(`More than ${MAX_SCAN} bytes of listings`);
      }
      if (length > MAX_PAGE) {
        await reader.cancel();
        throw new ListingError(`It has more than ${MAX_PAGE} bytes`);
      }
      parts.push(value);
      if (length < most) continue;
      await reader.cancel();
      break;
    }
    return concat(parts);
  }

  /** Slows down where half of the last answers took long. */
  #timed(milliseconds: number): void {
    this.#times.push(milliseconds);
    if (this.#times.length < SAMPLE) return;
    const median = this.#times.toSorted((a, b) => a - b)[SAMPLE / 2]!;
    if (median > SLOW) {
      this.#bucket.slowDown(this.#options.clock.elapsed());
      this.#times = [];
    } else this.#times.shift();
  }
}

const EMPTY = new Uint8Array(0);

/** Why there was no answer, for people; what the library says may hold a password. */
function whyNot(error: unknown, late: AbortSignal, page: AbortSignal): string {
  if (page.aborted) return `The page took longer than ${PAGE_TIME / 1000} s`;
  if (late.aborted) return "It does not answer";
  if (error instanceof ListingError || error instanceof StoppedError) return error.message;
  return failureCause(error).text;
}

/** A body that did not go on. */
class StoppedError extends Error {}

/** Milliseconds that an answer asks to wait; `null`: it does not. */
function retryAfter(headers: Headers, now: number): number | null {
  const text = headers.get("retry-after")?.trim() ?? "";
  if (/^\d{1,9}$/.test(text)) return Number(text) * 1000;
  const time = text === "" ? NaN : Date.parse(text);
  return Number.isNaN(time) ? null : Math.max(0, time - now);
}
