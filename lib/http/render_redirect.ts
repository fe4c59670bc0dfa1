import { encodePath } from "../catalog/encode_path.ts";
import type { MirrorRecord } from "../catalog/mirror_state.ts";
import type { Candidate } from "../selection/selection.ts";
import { type Header, NOT_CACHED } from "./headers.ts";
import { safeHeader } from "./safe_header.ts";

const CONTENT_TYPE: Header = ["Content-Type", "text/html; charset=utf-8"];

/** Country codes as they stand in Link headers, by mirror: the same for every request. */
const places = new WeakMap<MirrorRecord, string>();

/**
 * Redirects to the first mirror and names the next ones in Link headers (RFC 6249 §2).
 *
 * @param server the Server header
 * @param path decoded path of the file
 * @param candidates at least one
 * @param maxLinks how many Link headers at most
 * @returns a 302
 */
export function renderRedirect(
  server: Header,
  path: string,
  candidates: readonly Pick<Candidate, "mirror" | "url">[],
  maxLinks: number,
): Response {
  const below = encodePath(path).slice(1);
  const headers: Header[] = [
    server,
    NOT_CACHED,
    CONTENT_TYPE,
    ["Location", safeHeader(candidates[0]!.url) + below],
  ];
  const last = Math.min(candidates.length - 1, maxLinks);
  for (let i = 1; i <= last; i++) {
    const { mirror, url } = candidates[i]!;
    headers.push([
      "Link",
      `<${safeHeader(url)}${below}>; rel=duplicate; pri=${i}; geo=${placeOf(mirror)}`,
    ]);
  }
  return new Response(null, { status: 302, headers });
}

function placeOf(mirror: MirrorRecord): string {
  const known = places.get(mirror);
  if (known !== undefined) return known;
  const place = (mirror.countryCodes[0] ?? "").toLowerCase().replace(/[^a-z]/g, "");
  places.set(mirror, place);
  return place;
}
