/** Which of the two kinds of addresses. */
export type AddressFamily = 4 | 6;

/**
 * What a mirror is over one family of addresses: up; down; `none`: its name has no such address;
 * `unknown`: nobody could find out.
 */
export type FamilyWord = "up" | "down" | "none" | "unknown";

/** A mirror over one family of addresses. */
export interface FamilyState {
  /** What it is. */
  readonly state: FamilyWord;
  /** Why it is down, for people: `connection refused`, `no IPv6 address`; else empty. */
  readonly text: string;
  /** When that was found out, in milliseconds since the epoch. */
  readonly time: number;
}

/** A mirror over each family of addresses. */
export interface FamilyStates {
  /** Over IPv4. */
  readonly ipv4: FamilyState;
  /** Over IPv6. */
  readonly ipv6: FamilyState;
}

/** Nobody knows anything of a family. */
export const UNKNOWN_FAMILY: FamilyState = { state: "unknown", text: "", time: 0 };

/** How many intervals between checks a state counts for. */
const INTERVALS = 3;

const MINUTE = 60_000;

/**
 * The states as far as they count: a program that knows nothing of them may check the mirror since.
 *
 * @param states as they are stored
 * @param now milliseconds since the epoch
 * @param checkInterval minutes between two checks
 * @returns `null` when nothing is known
 */
export function validFamilies(
  states: FamilyStates | null,
  now: number,
  checkInterval: number,
): FamilyStates | null {
  if (states === null) return null;
  const counts = ({ time }: FamilyState): boolean =>
    Math.abs(now - time) <= INTERVALS * Math.max(1, checkInterval) * MINUTE;
  const ipv4 = counts(states.ipv4) ? states.ipv4 : UNKNOWN_FAMILY;
  const ipv6 = counts(states.ipv6) ? states.ipv6 : UNKNOWN_FAMILY;
  return ipv4.state === "unknown" && ipv6.state === "unknown" ? null : { ipv4, ipv6 };
}

/** For people: `IPv6`. */
export function familyName(family: AddressFamily): "IPv4" | "IPv6" {
  return family === 4 ? "IPv4" : "IPv6";
}

/** The family of an address in its normal form. */
export function familyOf(address: string): AddressFamily {
  return address.includes(":") ? 6 : 4;
}
