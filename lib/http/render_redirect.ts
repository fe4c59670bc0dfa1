import { type Header, NOT_CACHED } from "./headers.ts";
import { linkEnd, type RedirectTexts } from "./redirect_texts.ts";

/** Redirects without the headers that differ, by the Server header: a copy is cheaper than a new one. */
const blanks = new WeakMap<Header, Response>();

/**
 * Redirects to the first mirror and names the next ones in Link headers (RFC 6249 §2).
 *
 * @param server the Server header
 * @param below path of the file, percent-encoded, without the leading slash
 * @param mirrors what stands around the path for each mirror, at least one
 * @returns a 302
 */
export function renderRedirect(
  server: Header,
  below: string,
  mirrors: readonly RedirectTexts[],
): Response {
  const response = blankOf(server).clone();
  const { headers } = response;
  // Joined, a text lies in one piece, which is quicker to check than one that was put together by `+`.
  headers.append("Location", [mirrors[0]!.location, below].join(""));
  for (let i = 1; i < mirrors.length; i++) {
    const mirror = mirrors[i]!;
    headers.append("Link", [mirror.before, below, linkEnd(mirror, i - 1)].join(""));
  }
  return response;
}

function blankOf(server: Header): Response {
  let blank = blanks.get(server);
  if (blank === undefined) {
    const headers: Header[] = [server, NOT_CACHED, ["Content-Type", "text/html; charset=utf-8"]];
    blank = new Response(null, { status: 302, headers });
    blanks.set(server, blank);
  }
  return blank;
}
