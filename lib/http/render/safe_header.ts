/** What may not stand in a header value between the angle brackets of a Link, or breaks it. */
const UNSAFE = /[^\x21-\x3b\x3d\x3f-\x7e]/;
const EACH_UNSAFE = /[^\x21-\x3b\x3d\x3f-\x7e]/gu;

/**
 * Makes a URL, or a part of one, safe for a header: spaces, angle brackets, control characters and
 * everything beyond ASCII are percent-encoded. Whatever it holds, it cannot split a header.
 *
 * @param url a URL that may come from a client or from a mirror's settings
 * @returns printable ASCII; the same string when there was nothing to encode
 */
export function safeHeader(url: string): string {
  if (!UNSAFE.test(url)) return url;
  return url.toWellFormed().replace(EACH_UNSAFE, encodeURIComponent);
}
