import type { MirrorJson } from "../lib/control/api/mirror_schemas.ts";
import { lagOfMirror } from "./mirror_freshness.ts";

/** What mirrors can be ordered by. */
export const LIST_ORDERS = ["name", "state", "lag", "country"] as const;

/** What mirrors are ordered by; empty: the newest change of state first. */
export type ListOrder = typeof LIST_ORDERS[number] | "";

/** What needs a look stands first. */
const STATES = ["down", "up/down", "down/up", "up", "disabled"] as const satisfies readonly (
  MirrorJson["status"]
)[];

/**
 * Orders mirrors; those that are alike, by name.
 *
 * @param mirrors as the daemon gave them
 * @param now milliseconds since the epoch
 */
export function orderMirrors(
  mirrors: readonly MirrorJson[],
  order: ListOrder,
  now: number,
): readonly MirrorJson[] {
  const first: Readonly<Record<Exclude<ListOrder, "">, (a: MirrorJson, b: MirrorJson) => number>> =
    {
      name: () => 0,
      state: (a, b) => STATES.indexOf(a.status) - STATES.indexOf(b.status),
      // The furthest behind first; of whom nobody knows it, last.
      lag: (a, b) => (lagOfMirror(b, now) ?? -1) - (lagOfMirror(a, now) ?? -1),
      country: (a, b) => compareTexts(countryOf(a), countryOf(b)),
    };
  if (order === "") return mirrors;
  return mirrors.toSorted((a, b) => first[order](a, b) || compareTexts(a.name, b.name));
}

/** Whether a mirror is in one of some countries, in whatever case; without any, it is. */
export function isInCountries(
  { countryCodes }: MirrorJson,
  countries: readonly string[],
): boolean {
  return countries.length === 0 || countryCodes.some((code) => countries.includes(code));
}

/** Those without a country stand last. */
function countryOf({ countryCodes: [country = "\uffff"] }: MirrorJson): string {
  return country;
}

function compareTexts(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
