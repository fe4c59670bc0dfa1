import { createHash } from "../worker/late_builtins.ts";
import type { SourceFile } from "../catalog/file.ts";

/** What a mirror answered to a request for the root of a set. */
export type RootAnswer =
  | { readonly type: "content"; readonly sha256: string; readonly etag: string }
  /** Too large to be read. */
  | { readonly type: "large"; readonly size: number; readonly modTime: number | null }
  | { readonly type: "unchanged" }
  /** The mirror does not carry the set. */
  | { readonly type: "missing" }
  | { readonly type: "failed" };

/** Bytes of a root that are read from a mirror, at most. */
const MOST_READ = 1024 * 1024;

/** Bytes of a root of the source that are hashed, at most. */
const MOST_HASHED = 64 * 1024 * 1024;

/** Milliseconds that a mirror has to answer. */
export const ROOT_TIMEOUT = 10_000;

/** Of `fetch()`. */
type Fetch = (url: string, init: RequestInit) => Promise<Response>;

/**
 * Asks a mirror for the root of a set.
 *
 * @param url of the root there
 * @param etag of the answer before; empty: none
 * @param fetch follows redirects as checks do
 * @param signal ends it
 * @param timeout is over after {@linkcode ROOT_TIMEOUT}
 */
export async function askForRoot(
  url: string,
  etag: string,
  fetch: Fetch,
  signal: AbortSignal,
  timeout: AbortSignal,
): Promise<RootAnswer> {
  const headers: Record<string, string> = {
    "accept-encoding": "identity",
    "cache-control": "no-cache",
    ...(etag === "" ? {} : { "if-none-match": etag }),
  };
  const bounded = AbortSignal.any([signal, timeout]);
  try {
    const response = await fetch(url, { headers, signal: bounded });
    const { status } = response;
    if (status === 200) return await read(response);
    await response.body?.cancel();
    if (status === 304) return { type: "unchanged" };
    return { type: status === 404 || status === 410 ? "missing" : "failed" };
  } catch {
    signal.throwIfAborted();
    return { type: "failed" };
  }
}

async function read(response: Response): Promise<RootAnswer> {
  const size = Number(response.headers.get("content-length") ?? NaN);
  if (size > MOST_READ) {
    await response.body?.cancel();
    const time = Date.parse(response.headers.get("last-modified") ?? "");
    return { type: "large", size, modTime: Number.isNaN(time) ? null : time };
  }
  const hash = createHash("sha256");
  let length = 0;
  for await (const chunk of response.body ?? []) {
    length += chunk.length;
    if (length > MOST_READ) return { type: "failed" };
    hash.update(chunk);
  }
  if (Number.isFinite(size) && length !== size) return { type: "failed" };
  const sha256 = hash.digest("hex");
  return { type: "content", sha256, etag: response.headers.get("etag") ?? "" };
}

/**
 * Hashes the root of a set in the repository.
 *
 * @param repository absolute path without a trailing slash
 * @param file as the index has it
 * @returns empty: it is too large; `null`: it is another file by now, or gone
 */
export async function hashRoot(
  repository: string,
  { path, size, modTime, sha256 }: SourceFile,
): Promise<string | null> {
  if (sha256 !== "") return sha256;
  if (size > MOST_HASHED) return "";
  try {
    const bytes = await Deno.readFile(repository + path);
    const { mtime } = await Deno.stat(repository + path);
    if (bytes.length !== size || mtime?.getTime() !== modTime) return null;
    return createHash("sha256").update(bytes).digest("hex");
  } catch {
    return null;
  }
}
