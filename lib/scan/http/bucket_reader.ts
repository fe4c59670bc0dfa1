import type { Clock } from "../../clock/clock.ts";
import type { Breather } from "../breather.ts";
import { type BucketPage, readBucketPage } from "./bucket_page.ts";
import type { HttpRequests } from "./http_requests.ts";
import { decodePage } from "./listing_page.ts";

/** Where an object store is, and what of it the mirror is. */
export interface Bucket {
  /** Path of the origin that lists it, encoded, without a leading slash; empty or with one at its end. */
  readonly path: string;
  /** What the keys of the mirror begin with; not encoded, empty or with a slash at its end. */
  readonly prefix: string;
}

/** From where on a bucket is listed. */
export interface BucketPosition {
  /** The last key that was seen; empty: from the beginning. */
  readonly key: string;
  /** What the store said to go on with; empty: nothing. */
  readonly token: string;
  /** Whether the store speaks the first version of the protocol. */
  readonly first: boolean;
}

/** What came of a page. */
export type BucketAnswer =
  | { readonly type: "page"; readonly page: BucketPage }
  /** It is no listing of a store. */
  | { readonly type: "none" }
  /** Nobody knows. */
  | { readonly type: "unread"; readonly reason: string };

/** The beginning. */
export const BUCKET_START: BucketPosition = { key: "", token: "", first: false };

/** Milliseconds until something is tried once more. */
const AGAIN = 5000;

/** Objects of one page. */
const KEYS = 1000;

/** Segments of a path that may lead to a bucket. */
const MAX_SEGMENTS = 3;

/** Reads the listings of an object store that speaks the protocol of Amazon S3. */
export class BucketReader {
  readonly #requests: Pick<HttpRequests, "askOrigin">;
  readonly #clock: Pick<Clock, "delay">;
  readonly #breather: Breather;
  readonly #signal: AbortSignal;

  constructor(
    requests: Pick<HttpRequests, "askOrigin">,
    clock: Pick<Clock, "delay">,
    breather: Breather,
    signal: AbortSignal,
  ) {
    this.#requests = requests;
    this.#clock = clock;
    this.#breather = breather;
    this.#signal = signal;
  }

  /**
   * Finds the bucket that a base URL lies in: the host itself may be one, or the first segments of the
   * path. Where several answer, one that shows something wins.
   *
   * @param basePath of the base URL, encoded, with slashes around
   * @returns `null` when there is none; `undefined` when nobody knows
   */
  async find(basePath: string): Promise<Bucket | null | undefined> {
    const segments = basePath.split("/").filter((segment) => segment !== "");
    let empty: Bucket | null | undefined = null;
    for (let count = 0; count <= Math.min(segments.length, MAX_SEGMENTS); count++) {
      const prefix = decoded(segments.slice(count));
      if (prefix === null) continue;
      const bucket = { path: segments.slice(0, count).map((one) => `${one}/`).join(""), prefix };
      const answer = await this.#ask(bucket, BUCKET_START);
      if (answer.type === "page" && answer.page.objects.length > 0) return bucket;
      if (answer.type === "page") empty ||= bucket;
      else if (answer.type === "unread" && empty === null) empty = undefined;
    }
    return empty;
  }

  /** Reads a page of a bucket; once more when that fails. */
  async page(bucket: Bucket, position: BucketPosition): Promise<BucketAnswer> {
    const answer = await this.#ask(bucket, position);
    if (answer.type !== "unread") return answer;
    await this.#clock.delay(AGAIN, this.#signal);
    this.#signal.throwIfAborted();
    return await this.#ask(bucket, position);
  }

  async #ask({ path, prefix }: Bucket, position: BucketPosition): Promise<BucketAnswer> {
    const query = [
      ...(position.first ? [] : ["list-type=2"]),
      `prefix=${encodeURIComponent(prefix)}`,
      `max-keys=${KEYS}`,
      "encoding-type=url",
      ...from(position),
    ];
    const answer = await this.#requests.askOrigin(`${path}?${query.join("&")}`);
    if (answer.type === "failed") return { type: "unread", reason: answer.reason };
    if (answer.type === "elsewhere") return { type: "none" };
    const { status, headers, body } = answer;
    if (status >= 500 || status === 429 || status === 408) {
      return { type: "unread", reason: `Got status code ${status}` };
    }
    const type = headers.get("content-type") ?? "";
    if (status !== 200 || /html|json/i.test(type)) return { type: "none" };
    try {
      const page = await readBucketPage(decodePage(body, "application/xml"), this.#breather);
      return page === null ? { type: "none" } : { type: "page", page };
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      return { type: "unread", reason: error.message };
    }
  }
}

function from({ key, token, first }: BucketPosition): string[] {
  if (token !== "") return [`continuation-token=${encodeURIComponent(token)}`];
  if (key === "") return [];
  return [`${first ? "marker" : "start-after"}=${encodeURIComponent(key)}`];
}

/** @returns `null` when it is no text */
function decoded(segments: readonly string[]): string | null {
  try {
    return segments.map((segment) => `${decodeURIComponent(segment)}/`).join("");
  } catch {
    return null;
  }
}
