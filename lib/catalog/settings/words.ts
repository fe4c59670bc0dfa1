import { isCountryCode } from "../country_code.ts";
import { type SettingKind, wrongValue } from "./setting_kind.ts";
import { parseAddressRange } from "../../net/address_range.ts";

/** A kind that is a list of words, which are written with commas or spaces and shown with spaces. */
export interface WordsOptions {
  /** Completes "<key> must be …" where there is no list. */
  readonly list: string;
  /** Completes "<key> must be …" where a word cannot be. */
  readonly word: string;
  /** @returns the final form of a word; `null`: it cannot be */
  readonly judge: (word: string) => string | null;
}

/**
 * A list of words. Each comes once.
 *
 * @param options what is allowed
 */
export function wordsKind({ list, word, judge }: WordsOptions): SettingKind<readonly string[]> {
  return {
    shape: { type: "list", items: { type: "text" } },
    valueName: "list",
    parse: (text) => /^(~|null)?$/.test(text) ? "" : text,
    read(key, value) {
      const text = Array.isArray(value) ? value.join(" ") : value;
      if (typeof text !== "string") throw wrongValue(key, list, value);
      const words = text.split(/[\s,;]+/).filter((one) => one !== "").map((one) => {
        const judged = judge(one);
        if (judged === null) throw wrongValue(key, word, one);
        return judged;
      });
      return [...new Set(words)];
    },
    show: (value) => Array.isArray(value) ? value.join(" ") : value ?? null,
  };
}

/** Countries as ISO 3166-1 and the GeoIP databases write them (`A1`: anonymous proxy). */
export const COUNTRY_CODES: SettingKind<readonly string[]> = wordsKind({
  list: "a list of country codes",
  word: 'codes of countries such as "FR DE" (ISO 3166-1)',
  judge(word) {
    const code = word.toUpperCase();
    return isCountryCode(code) ? code : null;
  },
});

/** Words by which rules mean mirrors. */
export const TAGS: SettingKind<readonly string[]> = wordsKind({
  list: "a list of words",
  word: 'words of letters, digits, ".", "_" and "-"',
  judge: (word) => /^[\p{L}\p{N}._-]{1,64}$/u.test(word) ? word : null,
});

/** Prefixes of paths that a mirror carries, and with a `!` before them those that it does not. */
export const PATHS: SettingKind<readonly string[]> = wordsKind({
  list: "a list of paths",
  word: 'paths such as "/iso/" and "!/iso/nightly/"',
  judge: (word) => /^!?\//.test(word) && word.length <= 4096 ? word : null,
});

/** Networks in CIDR notation, or single addresses. */
export const NETWORKS: SettingKind<readonly string[]> = wordsKind({
  list: "a list of networks",
  word: 'networks such as "192.0.2.0/24 2001:db8::/32"',
  judge: (word) => parseAddressRange(word) === null ? null : word.toLowerCase(),
});
