import type { AddressFamily, FamilyState, FamilyStates } from "../catalog/families.ts";
import type { SelectionOptions } from "./selection_options.ts";

/** What a mirror is good for over a family of addresses: as ever, behind all others, or not at all. */
export type FamilyUse = "good" | "behind" | "never";

/** What a mirror is good for, by the family of the client's address. */
export type FamilyUses = Readonly<Record<AddressFamily, FamilyUse>>;

/** A mirror of which nothing bad is known: the same object for all of them. */
export const ANY_FAMILY: FamilyUses = { 4: "good", 6: "good" };

/**
 * Tells what a mirror is good for, by the family of the client's address. A client of IPv4 never gets a
 * mirror whose name has no such address: nothing translates for it.
 *
 * @param states what checks found, as far as it counts; `null`: nothing is known, which is good
 * @param mode what the operator configured
 */
export function familyUses(
  states: FamilyStates | null,
  mode: SelectionOptions["ipFamilies"],
): FamilyUses {
  if (mode === "ignore" || states === null) return ANY_FAMILY;
  const bad = mode === "strict" ? "never" : "behind";
  const useOf = ({ state }: FamilyState): FamilyUse =>
    state === "up" || state === "unknown" ? "good" : bad;
  const uses = {
    4: states.ipv4.state === "none" ? "never" : useOf(states.ipv4),
    6: useOf(states.ipv6),
  } as const;
  return uses[4] === "good" && uses[6] === "good" ? ANY_FAMILY : uses;
}
