import { normaliseAddress } from "../../net/ip_address.ts";

/**
 * Finds the address that a proxy forwarded for: the left-most entry of X-Forwarded-For. Spaces,
 * brackets, quotes and a port around it are accepted.
 *
 * @param forwardedFor the header as received, of a peer that may be believed
 * @returns `null` when the entry is no address
 */
export function forwardedAddress(forwardedFor: string): string | null {
  const comma = forwardedFor.indexOf(",");
  const entry = (comma < 0 ? forwardedFor : forwardedFor.slice(0, comma)).trim();
  return normaliseAddress(entry) ?? normaliseAddress(withoutPort(entry));
}

function withoutPort(entry: string): string {
  const bare = entry.replace(/^"(.*)"$/, "$1");
  const bracketed = /^\[([^\]]*)\](?::\d+)?$/.exec(bare);
  if (bracketed !== null) return bracketed[1] ?? "";
  return bare.replace(/^([\d.]+):\d+$/, "$1");
}
