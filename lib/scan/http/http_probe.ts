import { encodePath } from "../../catalog/encode_path.ts";
import { mayBeUpload } from "./bucket_verdicts.ts";
import type { HttpAnswer, HttpRequests } from "./http_requests.ts";
import { isObjectStore } from "./object_store.ts";
import type { Version } from "./verdict.ts";

/** What a mirror says of one file. */
export type ProbeResult =
  /** `null`: it does not say. `uploaded`: the time is that of the upload, not of the file. */
  | {
    readonly type: "there";
    readonly size: number | null;
    readonly time: number | null;
    readonly uploaded: boolean;
  }
  | { readonly type: "gone" }
  /** Nobody knows; what was known stands. */
  | { readonly type: "undecided"; readonly reason: string };

/** A `Last-Modified` this near to `Date`, in milliseconds, is that of the answer. */
const NOW = 2000;

const GONE: ReadonlySet<number> = new Set([401, 403, 404, 410]);

/** Asks a mirror for single files. */
export class HttpProber {
  readonly #requests: HttpRequests;
  readonly #random: () => number;
  #soft: Promise<boolean> | null = null;
  #count = 0;

  /** @param random 0 to 1, exclusive */
  constructor(requests: HttpRequests, random: () => number) {
    this.#requests = requests;
    this.#random = random;
  }

  /** How many files were asked for. */
  get count(): number {
    return this.#count;
  }

  /** Asks for a file. @param path with a leading slash */
  async probe(path: string): Promise<ProbeResult> {
    this.#count++;
    const soft = await (this.#soft ??= this.#answersAll());
    return await this.#ask(path, soft);
  }

  async #ask(path: string, soft: boolean): Promise<ProbeResult> {
    const encoded = encodePath(path).replace(/^\/+/, "");
    const head = await this.#requests.ask("HEAD", encoded, IDENTITY);
    const refused = head.type === "answer" && (head.status === 405 || head.status === 501);
    const result = refused ? null : resultOf(head, path);
    if (result !== null && (result.type !== "there" || result.size !== null)) return result;
    const part = await this.#requests.ask("GET", encoded, { ...IDENTITY, range: "bytes=0-0" });
    const told = resultOf(part, path);
    // A server that has an answer for everything has to name the size.
    return soft && told.type === "there" && told.size === null ? { type: "gone" } : told;
  }

  /** Whether it says yes to a name that cannot be: then a yes alone proves nothing. */
  async #answersAll(): Promise<boolean> {
    const name = Array.from(
      { length: 32 },
      () => Math.floor(this.#random() * 16).toString(16),
    ).join("");
    const answer = await this.#requests.ask("HEAD", `.mirrorbits-${name}`, IDENTITY);
    return answer.type === "answer" && answer.status === 200;
  }

  /** Whether the server says yes to everything now, and did not before. */
  async turnedSoft(): Promise<boolean> {
    return !await this.soft && await this.#answersAll();
  }

  /** Whether the server says yes to everything. */
  get soft(): Promise<boolean> {
    return this.#soft ??= this.#answersAll();
  }
}

const IDENTITY = { "accept-encoding": "identity" };

function resultOf(answer: HttpAnswer, path: string): ProbeResult {
  if (answer.type === "elsewhere") return { type: "gone" };
  if (answer.type === "failed") return { type: "undecided", reason: answer.reason };
  const { status, headers } = answer;
  if (GONE.has(status)) return { type: "gone" };
  if (status !== 200 && status !== 206) {
    return { type: "undecided", reason: `Got status code ${status}` };
  }
  const uploaded = isObjectStore(headers);
  return { type: "there", size: sizeOf(status, headers, path), time: timeOf(headers), uploaded };
}

/** Codings that some servers name for files that are compressed themselves. */
const COMPRESSED: Readonly<Record<string, RegExp>> = {
  gzip: /\.t?gz$/i,
  compress: /\.Z$/,
  bzip2: /\.t?bz2$/i,
  br: /\.br$/i,
  zstd: /\.zst$/i,
};

function sizeOf(status: number, headers: Headers, path: string): number | null {
  const coding = (headers.get("content-encoding") ?? "identity").toLowerCase().replace(/^x-/, "");
  // What is coded on the way has no length, or another one; parts are always those of the file.
  const plain = status === 206 || coding === "identity" || COMPRESSED[coding]?.test(path);
  if (!plain) return null;
  const text = status === 206
    ? /\/(\d+)$/.exec(headers.get("content-range") ?? "")?.[1]
    : headers.get("content-length") ?? undefined;
  return text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : null;
}

function timeOf(headers: Headers): number | null {
  const time = Date.parse(headers.get("last-modified") ?? "");
  if (Number.isNaN(time)) return null;
  const date = Date.parse(headers.get("date") ?? "");
  return Math.abs(time - date) <= NOW ? null : time;
}

/** Whether what a mirror says of a file is the file. `null`: nobody can tell */
export function isSame(
  { size, time, uploaded }: Extract<ProbeResult, { type: "there" }>,
  source: Version,
): boolean | null {
  if (size === null) return null;
  if (size !== source.size) return false;
  if (uploaded) return mayBeUpload(time, source);
  if (time === null || source.modTime === null) return true;
  return Math.floor(source.modTime / 1000) * 1000 <= time &&
    time <= Math.ceil(source.modTime / 1000) * 1000;
}
