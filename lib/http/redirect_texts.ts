import type { Candidate } from "../selection/selection.ts";
import { safeHeader } from "./safe_header.ts";

/** What stands around the path in the headers of a redirect, the same for every file. */
export interface RedirectTexts {
  /** Location, up to the path. */
  readonly location: string;
  /** Link headers in order. */
  readonly links: readonly LinkTexts[];
}

/** What stands around the path in a Link header. */
export interface LinkTexts {
  /** An angle bracket and the base URL. */
  readonly before: string;
  /** The other bracket and the parameters. */
  readonly after: string;
}

/**
 * Writes everything of a redirect's headers that does not depend on the file.
 *
 * @param candidates at least one
 * @param maxLinks how many Link headers at most
 * @returns the texts, safe for headers whatever a mirror's settings hold
 */
export function redirectTexts(
  candidates: readonly Pick<Candidate, "mirror" | "url">[],
  maxLinks: number,
): RedirectTexts {
  const links = candidates.slice(1, 1 + maxLinks).map(({ mirror, url }, index): LinkTexts => {
    const place = (mirror.countryCodes[0] ?? "").toLowerCase().replace(/[^a-z]/g, "");
    return {
      before: `<${safeHeader(url)}`,
      after: `>; rel=duplicate; pri=${index + 1}; geo=${place}`,
    };
  });
  return { location: safeHeader(candidates[0]!.url), links };
}
