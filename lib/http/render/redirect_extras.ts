import type { IndexedFile, SourceFile } from "../../catalog/file.ts";
import { fileTag } from "../request/file_tag.ts";
import type { MetalinkWishes } from "../request/metalink_wishes.ts";
import { selfUrl } from "../request/self_url.ts";
import { type Header, safeHeader, VARY_ACCEPT } from "./headers.ts";

/** What stands on a redirect beside Location and the alternatives. */
export type Extras = readonly Header[];

/** What nearly everyone gets. */
export const NO_EXTRAS: Extras = [];

/** What the further headers of a redirect depend on. */
export interface ExtrasFor {
  /** Of this server; `null`: not known. */
  readonly base: string | null;
  /** What the client wants to be told. */
  readonly wishes: MetalinkWishes;
  /** Words of the query that describe the file, with the content types of what they give. */
  readonly describedBy: readonly (readonly [word: string, type: string])[];
  /** Whether the answer to this URL depends on Accept. */
  readonly vary: boolean;
}

/** Writes the further headers of redirects, once for each file as long as the same is asked for. */
export class RedirectExtras {
  readonly #written = new WeakMap<IndexedFile, { readonly key: string; readonly extras: Extras }>();

  /**
   * @param indexed what is redirected for
   * @param options what the headers depend on
   * @returns the headers: the same array for the same, as long as nothing else is asked for the file
   */
  of(indexed: IndexedFile, { base, wishes, describedBy, vary }: ExtrasFor): Extras {
    const words = describedBy.map(([word]) => word).join();
    const key = `${wishes.digest} ${wishes.reprDigest} ${vary} ${words} ${base}`;
    const written = this.#written.get(indexed);
    if (written?.key === key) return written.extras;
    const headers = metalinkHeaders(base, indexed.file, wishes, describedBy);
    const extras = vary ? [...headers, VARY_ACCEPT] : headers;
    this.#written.set(indexed, { key, extras });
    return extras;
  }
}

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
function metalinkHeaders(
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
