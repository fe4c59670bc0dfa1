import type { Mirror } from "./mirror.ts";

/** Properties of a mirror that are texts. */
export type TextProperty = {
  [K in keyof Mirror]: Mirror[K] extends string ? K : never;
}[keyof Mirror];

/** Most bytes of each text about a mirror, in UTF-8. */
export const TEXT_LIMITS: Readonly<Record<TextProperty, number>> = {
  name: 255,
  httpUrl: 2_048,
  rsyncUrl: 2_048,
  ftpUrl: 2_048,
  sponsorName: 8_192,
  sponsorUrl: 2_048,
  sponsorLogoUrl: 2_048,
  adminName: 8_192,
  adminEmail: 8_192,
  customData: 65_536,
  continentCode: 8_192,
  comment: 65_536,
};

/** Most bytes of any other text that is shown, in UTF-8. */
export const MOST_SHOWN = 8_192;

/** Properties of a mirror that are lists of words or numbers. */
export type ListProperty = {
  [K in keyof Mirror]: Mirror[K] extends readonly (string | number)[] ? K : never;
}[keyof Mirror];

/** Most bytes of each list about a mirror, written with one space between two words. */
export const LIST_LIMITS: Readonly<Record<ListProperty, number>> = {
  countryCodes: 8_192,
  excludedCountryCodes: 8_192,
  asNumbers: 8_192,
  networks: 8_192,
  tags: 8_192,
  paths: 8_192,
};

/** Texts without which a mirror is of no use: cut, they would name or lead somewhere else. */
const NEEDED = ["name", "httpUrl", "rsyncUrl", "ftpUrl"] as const;

const encoder = new TextEncoder();

/** Bytes of a text in UTF-8. */
export function byteLength(text: string): number {
  return encoder.encode(text).length;
}

/** Whether a text about a mirror is longer than it may be. */
export function exceedsLimit(property: TextProperty, text: string): boolean {
  const limit = TEXT_LIMITS[property];
  return text.length > limit || (text.length * 3 > limit && byteLength(text) > limit);
}

/**
 * Looks whether a mirror that was stored by others has a name or an address that is too long to use.
 *
 * @returns what is too long, for people; `null`: nothing
 */
export function tooLong(mirror: Pick<Mirror, TextProperty>): string | null {
  const long = NEEDED.find((property) => exceedsLimit(property, mirror[property]));
  if (long === undefined) return null;
  return `its ${long} is longer than ${TEXT_LIMITS[long]} bytes`;
}

/**
 * Cuts the texts and lists of a mirror that are longer than they may be, to show it. What is stored stays whole.
 *
 * @returns the mirror itself when nothing is too long; an address that is too long is left out
 */
export function cutTexts<M extends Pick<Mirror, TextProperty | ListProperty>>(mirror: M): M {
  let shown = mirror;
  for (const property of Object.keys(TEXT_LIMITS) as TextProperty[]) {
    const text: string = mirror[property];
    if (!exceedsLimit(property, text)) continue;
    const isAddress = property.endsWith("Url");
    shown = { ...shown, [property]: isAddress ? "" : cut(text, TEXT_LIMITS[property]) };
  }
  for (const property of Object.keys(LIST_LIMITS) as ListProperty[]) {
    const list: readonly (string | number)[] = mirror[property];
    const fitting = cutList(list, LIST_LIMITS[property]);
    if (fitting !== list) shown = { ...shown, [property]: fitting };
  }
  return shown;
}

/**
 * Cuts a text that somebody else may have stored, to show it.
 *
 * @returns the text itself when it has at most {@linkcode MOST_SHOWN} bytes, else its beginning and `…`
 */
export function shownText(text: string): string {
  const fits = text.length * 3 <= MOST_SHOWN ||
    text.length <= MOST_SHOWN && byteLength(text) <= MOST_SHOWN;
  return fits ? text : `${cut(text, MOST_SHOWN - 3)}…`;
}

/** @returns the list itself when it is short enough, else its first different words, as many as fit */
function cutList<T extends string | number>(list: readonly T[], limit: number): readonly T[] {
  if (byteLength(list.join(" ")) <= limit) return list;
  let length = -1;
  const words = [...new Set(list)];
  const end = words.findIndex((word) => (length += 1 + byteLength(String(word))) > limit);
  return end < 0 ? words : words.slice(0, end);
}

/** @returns the text's beginning, never half a character */
function cut(text: string, limit: number): string {
  const bytes = encoder.encode(text.slice(0, limit)).subarray(0, limit);
  // As a stream: what is half there at the end is waited for, and left out.
  return new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes, { stream: true });
}
