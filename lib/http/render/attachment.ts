import type { Header } from "./headers.ts";

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
