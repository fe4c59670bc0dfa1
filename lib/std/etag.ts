/**
 * What is used of `@std/http/etag`, over the platform's digest. Where JSR can be reached, this line of
 * deno.json puts the real one in: `"@std/http/etag": "jsr:@std/http@1/etag"`.
 *
 * @module
 */
import { Buffer } from "node:buffer";

/** How an entity tag is made. */
export interface ETagOptions {
  /** Whether it is a weak one: the same for another form of the same content. Default: not. */
  readonly weak?: boolean;
}

/**
 * Makes an entity tag (RFC 9110 §8.8.3) of a content.
 *
 * @param entity the content
 * @returns the value of an ETag header
 */
export async function eTag(
  entity: string | Uint8Array,
  { weak = false }: ETagOptions = {},
): Promise<string> {
  const bytes = typeof entity === "string" ? new TextEncoder().encode(entity) : entity;
  const digest = await crypto.subtle.digest("SHA-256", bytes as Uint8Array<ArrayBuffer>);
  const opaque = Buffer.from(digest).toString("base64url");
  return `${weak ? "W/" : ""}"${opaque.slice(0, 22)}"`;
}

/**
 * Whether a client has another content than this, or none, and so is to be sent it (RFC 9110 §13.1.2).
 * Tags are compared weakly: a strong one is the same as the weak one of the same letters.
 *
 * @param value the client's If-None-Match header; `null` without it
 * @param etag the content's tag; `undefined` without one
 * @returns `false` when the answer is a 304
 */
export function ifNoneMatch(value: string | null, etag: string | undefined): boolean {
  if (!value || !etag) return true;
  if (value.trim() === "*") return false;
  return !value.split(",").some((tag) => opaqueOf(tag.trim()) === opaqueOf(etag));
}

function opaqueOf(tag: string): string {
  return tag.startsWith("W/") ? tag.slice(2) : tag;
}
