import type { Answer } from "./answer.ts";
import { type Header, NOT_CACHED } from "./headers.ts";
import { type Extras, NO_EXTRAS } from "./redirect_extras.ts";
import { linkEnd, type RedirectTexts } from "./redirect_texts.ts";

/** The headers that every redirect to a mirror begins with. */
export const REDIRECT_HEADERS: readonly Header[] = [
  NOT_CACHED,
  ["Content-Type", "text/html; charset=utf-8"],
];

/**
 * Bytes that Location and Link may take together. With the other headers, some 200, that is less than
 * 3.5 KB (3 584): a front with buffers of 4 KB, as nginx has, answers 502 to more.
 */
const MOST_BYTES = 3370;

/** Bytes of further headers for which there is room besides: `Vary: Accept` costs no alternative. */
const EXTRAS_FREE = 30;

/** What a header takes beside name and value. */
const PUNCTUATION = ": \r\n".length;

/**
 * Redirects to the first mirror and names the next ones in Link headers (RFC 6249 §2), as many as there
 * is room for: those that come last are the farthest.
 *
 * @param below path of the file, percent-encoded, without the leading slash: printable ASCII
 * @param mirrors what stands around the path for each mirror, at least one
 * @param extras further headers, which come last
 * @returns a 302
 */
export function renderRedirect(
  below: string,
  mirrors: readonly RedirectTexts[],
  extras: Extras = NO_EXTRAS,
): Answer {
  const headers = [...REDIRECT_HEADERS, ...namingHeaders(below, mirrors, extras)];
  return { status: 302, headers, body: null, tagged: false, compressible: false };
}

/**
 * Writes the headers of a redirect that follow the {@linkcode REDIRECT_HEADERS}: those that name mirrors.
 *
 * @param below see {@linkcode renderRedirect}
 * @param mirrors what stands around the path for each mirror, at least one
 * @param extras further headers, which come last
 */
export function namingHeaders(
  below: string,
  mirrors: readonly RedirectTexts[],
  extras: Extras,
): Header[] {
  // Joined, a text lies in one piece, which is quicker to read than one that was put together by `+`.
  const location = [mirrors[0]!.location, below].join("");
  const headers: Header[] = [["Location", location]];
  let room = MOST_BYTES - "Location".length - PUNCTUATION - location.length;
  room -= roomOf(extras);
  for (let i = 1; i < mirrors.length; i++) {
    const mirror = mirrors[i]!;
    const link = [mirror.before, below, linkEnd(mirror, i - 1)].join("");
    room -= "Link".length + PUNCTUATION + link.length;
    if (room < 0) break;
    headers.push(["Link", link]);
  }
  for (let i = 0; i < extras.length; i++) headers.push(extras[i]!);
  return headers;
}

function roomOf(extras: Extras): number {
  let bytes = 0;
  for (const [name, value] of extras) bytes += name.length + PUNCTUATION + value.length;
  return Math.max(0, bytes - EXTRAS_FREE);
}
