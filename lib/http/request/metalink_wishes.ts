import type { HttpConfig } from "./config.ts";
import type { Wishes } from "./wishes.ts";
import { readWeights } from "./weights.ts";

/** Which version of a metalink is meant. */
export type MetalinkVersion = 3 | 4;

/** What a client wants to be told beside the redirect. */
export interface MetalinkWishes {
  /** Whether a Digest header (RFC 3230). */
  readonly digest: boolean;
  /** Whether a Repr-Digest header (RFC 9530). */
  readonly reprDigest: boolean;
}

const METALINK_4 = "application/metalink4+xml";
const METALINK_3 = "application/metalink+xml";

/**
 * Finds out whether a client is to get the headers of RFC 6249.
 *
 * @param config MetalinkHeaders: `auto` gives them to clients that show that they use them
 * @param wishes headers of a request
 * @returns what to add; `null`: nothing, for nearly everyone
 */
export function metalinkWishes(
  { metalinkHeaders }: Pick<HttpConfig, "metalinkHeaders">,
  { headers, accept }: Pick<Wishes, "accept" | "headers">,
): MetalinkWishes | null {
  if (metalinkHeaders === "never") return null;
  const wantDigest = headers.has("want-digest") ? headers.get("want-digest") : null;
  const wantReprDigest = headers.has("want-repr-digest") ? headers.get("want-repr-digest") : null;
  if (metalinkHeaders === "auto" && wantDigest === null && wantReprDigest === null) {
    if (metalinkVersion({ accept }) === null) return null;
  }
  return {
    digest: wantDigest === null || readWeights(wantDigest).get("sha-256") !== 0,
    reprDigest: wantReprDigest !== null && wantsSha256(wantReprDigest),
  };
}

/** Whether a list of preferences from 0 to 10 (RFC 9530 §4) leaves room for SHA-256. */
function wantsSha256(header: string): boolean {
  const written = /(?:^|,)\s*sha-256\s*(?:=\s*([^,;\s]*))?/i.exec(header);
  return written === null || written[1] === undefined || Number(written[1]) > 0;
}

/**
 * Finds out which metalink a client accepts by name: wildcards do not count.
 *
 * @param wishes headers of a request
 * @returns the version it likes more, 4 of two that it likes alike; `null`: none
 */
export function metalinkVersion({ accept }: Pick<Wishes, "accept">): MetalinkVersion | null {
  if (accept === null || !/application\/metalink/i.test(accept)) return null;
  const weights = readWeights(accept);
  const four = weights.get(METALINK_4) ?? 0;
  const three = weights.get(METALINK_3) ?? 0;
  if (four === 0 && three === 0) return null;
  return four >= three ? 4 : 3;
}
