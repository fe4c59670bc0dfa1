import type { SourceFile } from "../../catalog/file.ts";
import type { MetalinkWishes } from "../request/metalink_wishes.ts";
import { fileTag } from "../request/file_tag.ts";
import { selfUrl } from "../request/self_url.ts";
import type { Header } from "./headers.ts";
import { safeHeader } from "./safe_header.ts";

/**
 * Writes what a redirect says of the file itself: where it is described, its digest, its tag (RFC 6249,
 * RFC 3230, RFC 9530). The tag is the one that nginx computes for a copy with that size and time.
 *
 * @param base of this server; `null`: not known, so that nothing is named
 * @param file what it redirects for
 * @param wishes which digests are wanted
 * @param describedBy words of the query that describe the file, with the content types of what they give
 * @returns the headers, to be sent after the alternatives
 */
export function metalinkHeaders(
  base: string | null,
  file: SourceFile,
  { digest, reprDigest }: MetalinkWishes,
  describedBy: readonly (readonly [word: string, type: string])[],
): Header[] {
  const headers: Header[] = [];
  for (const [word, type] of base === null ? [] : describedBy) {
    const url = safeHeader(selfUrl(base!, file.path, word));
    headers.push(["Link", `<${url}>; rel=describedby; type="${type}"`]);
  }
  const sha256 = base64OfHash(file.sha256);
  if (sha256 !== null && digest) headers.push(["Digest", `SHA-256=${sha256}`]);
  if (sha256 !== null && reprDigest) headers.push(["Repr-Digest", `sha-256=:${sha256}:`]);
  const tag = fileTag(file);
  if (tag !== null) headers.push(["ETag", tag]);
  return headers;
}

function base64OfHash(sha256: string): string | null {
  if (!/^[\da-f]{64}$/.test(sha256)) return null;
  return Uint8Array.from(sha256.match(/../g)!, (byte) => parseInt(byte, 16)).toBase64();
}
