import type { ClientChoice } from "../../config/config.ts";
import type { ClientView } from "../../selection/client_view.ts";
import type { ClientWishes } from "../../selection/client_wishes.ts";
import type { Query } from "./query.ts";

/** A word of a client about mirrors, as the query calls it. */
export type ClientWord = "avoid" | "fromip" | "mirror" | "country";

/** The header that says the same as `avoid` in the query. */
export const AVOID_HEADER = "Mirrorbits-Avoid";

/** Words that count in a list; the rest is passed over. */
const MOST_WORDS = 100;

/** What one request says of mirrors, and what of it nobody could be found for. */
export class ClientWords {
  readonly wishes: ClientWishes;
  /** Whether the header had its say, so that the answer depends on it. */
  readonly byHeader: boolean;
  /** Words that were not followed, because nobody would have been left. */
  readonly ignored: ClientWord[] = [];

  constructor(wishes: ClientWishes, byHeader: boolean) {
    this.wishes = wishes;
    this.byHeader = byHeader;
  }
}

/**
 * Reads what a client says of mirrors.
 *
 * @param choice which words the operator lets count
 * @param query of the request
 * @param headers of the request
 * @param asker who asks in truth, where `fromip` moves them elsewhere; `null`: they stay; `"nowhere"`:
 *   what `fromip` says is no address
 * @returns `null` for nearly everyone: nothing
 */
export function readClientWords(
  choice: ClientChoice,
  query: Pick<Query, "avoid" | "mirror" | "country">,
  headers: Headers,
  asker: ClientView | "nowhere" | null,
): ClientWords | null {
  if (choice === "none") return null;
  const header = headers.has(AVOID_HEADER) ? headers.get(AVOID_HEADER) : null;
  const all = choice === "all";
  const mirror = all && query.mirror !== "" ? query.mirror : null;
  const country = all && query.country !== "" ? query.country : null;
  const silent = header === null && query.avoid === null && mirror === null && country === null;
  if (silent && asker === null) return null;
  const avoid = `${query.avoid ?? ""},${header ?? ""}`.split(/[\s,]+/, 2 * MOST_WORDS)
    .filter((word) => word !== "").slice(0, MOST_WORDS);
  const from = asker === "nowhere" ? null : asker;
  const words = new ClientWords({ avoid, mirror, country, asker: from }, header !== null);
  if (asker === "nowhere") words.ignored.push("fromip");
  return words;
}
