import { createHash } from "node:crypto";

/**
 * Makes a weak entity tag (RFC 9110 §8.8.3): the same for the same content, however it is compressed.
 *
 * @param body the content
 * @returns the value of an ETag header
 */
export function entityTag(body: Uint8Array): string {
  return `W/"${createHash("sha256").update(body).digest("base64url").slice(0, 22)}"`;
}

/**
 * Whether a client has the content already (RFC 9110 §13.1.2).
 *
 * @param ifNoneMatch the client's header; `null` without it
 * @param tag what {@linkcode entityTag} made of the content
 */
export function matchesTag(ifNoneMatch: string | null, tag: string): boolean {
  if (ifNoneMatch === null) return false;
  if (ifNoneMatch.trim() === "*") return true;
  const opaque = tag.slice(2);
  return ifNoneMatch.split(",").some((part) => part.trim().replace(/^W\//, "") === opaque);
}
