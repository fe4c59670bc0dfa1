import type { Mirror } from "../catalog/mirror.ts";
import { hasAsNumber } from "../catalog/has_as_number.ts";
import type { ClientView } from "./client_view.ts";
import type { ExclusionReason } from "./exclusion_reason.ts";

/** What a client says of the mirrors it wants. It chooses among those that may serve it anyway. */
export interface ClientWishes {
  /** Names, countries, continents (`@EU`) and AS numbers (`AS123`) of mirrors that are to be left out. */
  readonly avoid: readonly string[];
  /** Name of the only mirror that is wanted; `null`: any. */
  readonly mirror: string | null;
  /** Code of the only country that is wanted; `null`: any. */
  readonly country: string | null;
  /** Who asks in truth, where somebody asks as if from elsewhere; `null`: the client itself. */
  readonly asker: ClientView | null;
}

const AVOIDED: ExclusionReason = { type: "avoided" };
const NOT_CHOSEN: ExclusionReason = { type: "not_chosen" };

/**
 * Tells why a mirror is not what a client wants.
 *
 * @param mirror a mirror, or a record that stands for a fallback; its country is its first
 * @param wishes what the client says; names and codes in any case
 * @returns `null`: it is wanted
 */
export function findUnwanted(mirror: Mirror, wishes: ClientWishes): ExclusionReason | null {
  if (wishes.avoid.some((word) => isMeant(mirror, word))) return AVOIDED;
  if (wishes.mirror !== null && !isName(mirror, wishes.mirror)) return NOT_CHOSEN;
  return wishes.country === null || isCountry(mirror, wishes.country) ? null : NOT_CHOSEN;
}

function isMeant(mirror: Mirror, word: string): boolean {
  if (isName(mirror, word) || isCountry(mirror, word)) return true;
  if (/^@[a-z]{2}$/i.test(word)) return mirror.continentCode === word.slice(1).toUpperCase();
  return /^AS\d{1,10}$/i.test(word) && hasAsNumber(mirror, Number(word.slice(2)));
}

function isName({ name }: Mirror, word: string): boolean {
  return name.toLowerCase() === word.toLowerCase();
}

function isCountry({ countryCodes }: Mirror, word: string): boolean {
  return countryCodes[0] !== undefined && countryCodes[0] === word.toUpperCase();
}
