import type { Stop } from "../../selection/stop.ts";
import { safeHeader } from "./headers.ts";

/** What stands around the path in the headers of a redirect to a mirror, the same for every file. */
export interface RedirectTexts {
  /** Location, up to the path. */
  readonly location: string;
  /** A Link header, up to the path. */
  readonly before: string;
  /** The rest of a Link header, by its place among them; written when it is first needed. */
  readonly after: string[];
  /** Code of the mirror's first country in lower case; empty without one. */
  readonly country: string;
}

/**
 * Writes everything of a redirect's headers that depends on nothing but the mirror.
 *
 * @param stop the mirror and its URL
 * @returns the texts, safe for headers whatever the mirror's settings hold
 */
export function redirectTexts({ mirror, url }: Pick<Stop, "mirror" | "url">): RedirectTexts {
  const location = safeHeader(url);
  const country = (mirror.countryCodes[0] ?? "").toLowerCase().replace(/[^a-z]/g, "");
  return { location, before: `<${location}`, after: [], country };
}

/**
 * Writes what follows the path in a Link header (RFC 6249 §2).
 *
 * @param texts of the mirror
 * @param place 0 for the first Link header
 * @returns the other bracket and the parameters
 */
export function linkEnd(texts: RedirectTexts, place: number): string {
  return texts.after[place] ??= `>; rel=duplicate; pri=${place + 1}; geo=${texts.country}`;
}
