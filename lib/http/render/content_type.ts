/** Anything else. */
const BYTES = "application/octet-stream";

const TEXT = "text/plain; charset=utf-8";

/** By the ending of the name, in lower case; what repositories hold and what browsers show. */
const TYPES: ReadonlyMap<string, string> = new Map([
  ...["txt", "asc", "md", "md5", "sha1", "sha256", "sha512", "sig", "sum", "log", "changes", "dsc"]
    .map((ending) => [ending, TEXT] as const),
  ["html", "text/html; charset=utf-8"],
  ["htm", "text/html; charset=utf-8"],
  ["css", "text/css; charset=utf-8"],
  ["js", "text/javascript; charset=utf-8"],
  ["json", "application/json"],
  ["xml", "text/xml"],
  ["yaml", "application/yaml"],
  ["yml", "application/yaml"],
  ["svg", "image/svg+xml"],
  ["png", "image/png"],
  ["jpg", "image/jpeg"],
  ["jpeg", "image/jpeg"],
  ["gif", "image/gif"],
  ["webp", "image/webp"],
  ["ico", "image/x-icon"],
  ["pdf", "application/pdf"],
  ["gz", "application/gzip"],
  ["tgz", "application/gzip"],
  ["bz2", "application/x-bzip2"],
  ["xz", "application/x-xz"],
  ["zst", "application/zstd"],
  ["zip", "application/zip"],
  ["7z", "application/x-7z-compressed"],
  ["tar", "application/x-tar"],
  ["iso", "application/x-iso9660-image"],
  ["deb", "application/vnd.debian.binary-package"],
  ["rpm", "application/x-rpm"],
  ["apk", "application/vnd.android.package-archive"],
  ["jar", "application/java-archive"],
  ["war", "application/java-archive"],
  ["hpi", "application/java-archive"],
  ["whl", "application/zip"],
  ["torrent", "application/x-bittorrent"],
  ["metalink", "application/metalink+xml"],
  ["meta4", "application/metalink4+xml"],
  ["wasm", "application/wasm"],
  ["mp3", "audio/mpeg"],
  ["ogg", "audio/ogg"],
  ["mp4", "video/mp4"],
  ["webm", "video/webm"],
]);

/**
 * Tells what a file holds, by its name.
 *
 * @param path of the file
 * @returns value of a Content-Type header
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(contentType("/pool/demo.tar.gz"), "application/gzip");
 * assertEquals(contentType("/dists/Release"), "application/octet-stream");
 * ```
 */
export function contentType(path: string): string {
  const name = path.slice(path.lastIndexOf("/") + 1);
  const dot = name.lastIndexOf(".");
  return dot < 1 ? BYTES : TYPES.get(name.slice(dot + 1).toLowerCase()) ?? BYTES;
}
