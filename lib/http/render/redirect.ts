import type { Answer } from "./answer.ts";
import { type Header, NOT_CACHED } from "./headers.ts";
import { linkEnd, type RedirectTexts } from "./redirect_texts.ts";

const CONTENT_TYPE: Header = ["Content-Type", "text/html; charset=utf-8"];

/**
 * Redirects to the first mirror and names the next ones in Link headers (RFC 6249 §2).
 *
 * @param below path of the file, percent-encoded, without the leading slash: printable ASCII
 * @param mirrors what stands around the path for each mirror, at least one
 * @returns a 302
 */
export function renderRedirect(below: string, mirrors: readonly RedirectTexts[]): Answer {
  // Joined, a text lies in one piece, which is quicker to read than one that was put together by `+`.
  const location = [mirrors[0]!.location, below].join("");
  const headers: Header[] = [NOT_CACHED, CONTENT_TYPE, ["Location", location]];
  for (let i = 1; i < mirrors.length; i++) {
    const mirror = mirrors[i]!;
    headers.push(["Link", [mirror.before, below, linkEnd(mirror, i - 1)].join("")]);
  }
  return { status: 302, headers, body: null, tagged: false, compressible: false };
}
