/** What is asked about a file; `standard` is the redirect, or JSON. */
export type View =
  | "standard"
  | "mirrorlist"
  | "stats"
  | "mirrorstats"
  | "md5"
  | "sha1"
  | "sha256";

/** A query string, read. */
export interface Query {
  readonly view: View;
  /** Value of `stats`; empty: the usual periods. */
  readonly period: string;
  /** Value of `https`: `1` is true, `0` is false; `null` otherwise. */
  readonly https: boolean | null;
  readonly pretty: boolean;
  /** Value of `fromip`; `null` without it. */
  readonly fromIp: string | null;
}

/** In order of precedence, for a query that asks for several. */
const VIEWS = ["mirrorlist", "stats", "mirrorstats", "md5", "sha1", "sha256"] as const;

const EMPTY: Query = { view: "standard", period: "", https: null, pretty: false, fromIp: null };

/**
 * Reads a query string. A key counts as present with or without a value; the first of equal keys
 * counts; unknown keys are ignored.
 *
 * @param text the query, without the question mark
 * @returns what it asks for
 */
export function parseQuery(text: string): Query {
  if (text === "") return EMPTY;
  const values = new Map<string, string>();
  for (const part of text.split("&")) {
    const equals = part.indexOf("=");
    const key = equals < 0 ? part : part.slice(0, equals);
    if (!values.has(key)) values.set(key, equals < 0 ? "" : decode(part.slice(equals + 1)));
  }
  const https = values.get("https");
  return {
    view: VIEWS.find((view) => values.has(view)) ?? "standard",
    period: values.get("stats") ?? "",
    https: https === "1" ? true : https === "0" ? false : null,
    pretty: values.has("pretty"),
    fromIp: values.get("fromip") ?? null,
  };
}

function decode(value: string): string {
  const spaced = value.replaceAll("+", " ");
  try {
    return decodeURIComponent(spaced);
  } catch {
    return spaced;
  }
}
