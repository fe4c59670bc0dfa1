import { encodePath } from "../catalog/encode_path.ts";
import { type Header, NOT_CACHED } from "./headers.ts";
import type { RedirectTexts } from "./redirect_texts.ts";

/** Redirects without the headers that differ, by the Server header: a copy is cheaper than a new one. */
const blanks = new WeakMap<Header, Response>();

/**
 * Redirects to the first mirror and names the next ones in Link headers (RFC 6249 §2).
 *
 * @param server the Server header
 * @param path decoded path of the file
 * @param texts what stands around the path
 * @returns a 302
 */
export function renderRedirect(
  server: Header,
  path: string,
  { location, links }: RedirectTexts,
): Response {
  const below = encodePath(path).slice(1);
  const response = blankOf(server).clone();
  const { headers } = response;
  // Joined, a text lies in one piece, which is quicker to check than one that was put together by `+`.
  headers.append("Location", [location, below].join(""));
  for (let i = 0; i < links.length; i++) {
    const { before, after } = links[i]!;
    headers.append("Link", [before, below, after].join(""));
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
