import { type Header, NOT_CACHED } from "./headers.ts";
import { linkEnd, type RedirectTexts } from "./redirect_texts.ts";
import { respond } from "./respond.ts";

/** The headers that every redirect has, by the Server header. */
const sharedHeaders = new WeakMap<Header, readonly Header[]>();

/**
 * Redirects to the first mirror and names the next ones in Link headers (RFC 6249 §2).
 *
 * @param server the Server header
 * @param below path of the file, percent-encoded, without the leading slash: printable ASCII
 * @param mirrors what stands around the path for each mirror, at least one
 * @returns a 302
 */
export function renderRedirect(
  server: Header,
  below: string,
  mirrors: readonly RedirectTexts[],
): Response {
  // Joined, a text lies in one piece, which is quicker to read than one that was put together by `+`.
  const own: Header[] = [["Location", [mirrors[0]!.location, below].join("")]];
  for (let i = 1; i < mirrors.length; i++) {
    const mirror = mirrors[i]!;
    own.push(["Link", [mirror.before, below, linkEnd(mirror, i - 1)].join("")]);
  }
  return respond(302, sharedOf(server), own);
}

function sharedOf(server: Header): readonly Header[] {
  let shared = sharedHeaders.get(server);
  if (shared === undefined) {
    shared = [server, NOT_CACHED, ["Content-Type", "text/html; charset=utf-8"]];
    sharedHeaders.set(server, shared);
  }
  return shared;
}
