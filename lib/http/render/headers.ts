/** Name and value of a response header. */
export type Header = [name: string, value: string];

/** Answers that belong to one client at one moment. */
export const NOT_CACHED: Header = ["Cache-Control", "private, no-cache"];

/** Answers that are the same for everyone, and may be others the next moment. */
export const NO_CACHE: Header = ["Cache-Control", "no-cache"];

/** Answers that no browser may take for something else. */
export const NO_SNIFF: Header = ["X-Content-Type-Options", "nosniff"];

/** Answers whose form depends on what the client accepts. */
export const VARY_ACCEPT: Header = ["Vary", "Accept"];

/** Answers that are in the language that the client likes best. */
export const VARY_LANGUAGE: Header = ["Vary", "Accept-Language"];

/** Seconds after which a client may ask again for what cannot be answered now. */
export const RETRY_AFTER: Header = ["Retry-After", "30"];

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

/**
 * Says under which name an answer is saved (RFC 6266 §4), for old clients in ASCII, too.
 *
 * @param name any text
 * @returns Content-Disposition; the second form only where the first one cannot say it all
 */
export function attachment(name: string): Header {
  const plain = name.replace(/[^\x20-\x7e]|["\\%]/gu, "_");
  const extended = plain === name ? "" : `; filename*=UTF-8''${encodeExtended(name)}`;
  return ["Content-Disposition", `attachment; filename="${plain}"${extended}`];
}

/** RFC 8187 §3.2.1. */
function encodeExtended(name: string): string {
  return encodeURIComponent(name.toWellFormed())
    .replace(/['()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);
}
