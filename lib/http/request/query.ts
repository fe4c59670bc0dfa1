import type { AddressFamily } from "../../catalog/families.ts";

/** A query string, read. */
export interface Query {
  /** The word that asks for something else than the file, of those that there are; empty: none. */
  readonly word: string;
  /** As received, without the question mark. */
  readonly text: string;
  /** All such words, in order of precedence. */
  readonly words: readonly string[];
  /** What stands behind that word, decoded: the period of `stats=2026-11`; mostly empty. */
  readonly value: string;
  /** Value of `https`: `1` is true, `0` is false; `null` otherwise. */
  readonly https: boolean | null;
  readonly pretty: boolean;
  /** Value of `ip`, the family of addresses that the client would use: 4 or 6; `null` otherwise. */
  readonly family: AddressFamily | null;
  /** Value of `fromip`; `null` without it. */
  readonly fromIp: string | null;
  /** Value of `avoid`, which mirrors are not wanted; `null` without it. */
  readonly avoid: string | null;
  /** Value of `mirror`, which one is wanted; `null` without it. */
  readonly mirror: string | null;
  /** Value of `country`, from where the mirror is to be; `null` without it. */
  readonly country: string | null;
  /** Value of `sort`, in which order a list is wanted; empty without it. */
  readonly sort: string;
  /** Value of `format`, in which form a list is wanted; empty without it. */
  readonly format: string;
  /** Value of `name`, which mirror is asked about; `null` without it. */
  readonly name: string | null;
  /** Values of `from` and `to`, of when statistics are wanted; empty without them. */
  readonly from: string;
  readonly to: string;
  /** Value of `by`, in which steps statistics are wanted; empty without it. */
  readonly by: string;
  /** Value of `csv`, which table is wanted; empty without it. */
  readonly csv: string;
  /** Value of `period`, of which day, month or year a page is wanted; empty without it. */
  readonly period: string;
  /** Value of `page`, which part of a long list is wanted; 1 without it. */
  readonly page: number;
  /** Value of `lang`, the language in which a page is wanted; `null` without it. */
  readonly lang: string | null;
}

/** A query that asks for nothing. */
export const EMPTY_QUERY: Query = {
  word: "",
  text: "",
  words: [],
  value: "",
  https: null,
  pretty: false,
  family: null,
  fromIp: null,
  avoid: null,
  mirror: null,
  country: null,
  sort: "",
  format: "",
  name: null,
  from: "",
  to: "",
  by: "",
  csv: "",
  period: "",
  page: 1,
  lang: null,
};

/**
 * Reads a query string. A key counts as present with or without a value; the first of equal keys
 * counts; unknown keys are ignored. Keys and values are percent-decoded.
 *
 * @param text the query, without the question mark
 * @param words what can be asked for, in order of precedence
 * @returns what it asks for
 */
export function parseQuery(text: string, words: Iterable<string>): Query {
  if (text === "") return EMPTY_QUERY;
  const values = new Map<string, string>();
  for (const part of text.split("&")) {
    const equals = part.indexOf("=");
    const key = decode(equals < 0 ? part : part.slice(0, equals));
    if (!values.has(key)) values.set(key, equals < 0 ? "" : decode(part.slice(equals + 1)));
  }
  const https = values.get("https");
  const family = values.get("ip");
  const asked = Array.from(words).filter((each) => values.has(each));
  const [word = ""] = asked;
  return {
    word,
    text,
    words: asked,
    value: values.get(word) ?? "",
    https: https === "1" ? true : https === "0" ? false : null,
    pretty: values.has("pretty"),
    family: family === "4" ? 4 : family === "6" ? 6 : null,
    fromIp: values.get("fromip") ?? null,
    avoid: values.get("avoid") ?? null,
    mirror: values.get("mirror") ?? null,
    country: values.get("country") ?? null,
    sort: values.get("sort") ?? "",
    // Some put a slash behind whatever a list is read from.
    format: (values.get("format") ?? "").replace(/\/+$/, ""),
    name: values.get("name")?.replace(/\/+$/, "") ?? null,
    from: values.get("from") ?? "",
    to: values.get("to") ?? "",
    by: values.get("by") ?? "",
    csv: values.get("csv") ?? "",
    period: values.get("period") ?? "",
    page: /^[1-9]\d{0,5}$/.test(values.get("page") ?? "") ? Number(values.get("page")) : 1,
    lang: values.get("lang") ?? null,
  };
}

function decode(text: string): string {
  const spaced = text.replaceAll("+", " ");
  if (!spaced.includes("%")) return spaced;
  try {
    return decodeURIComponent(spaced);
  } catch {
    return spaced;
  }
}
