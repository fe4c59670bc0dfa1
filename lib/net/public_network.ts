import { parseAddress } from "./address_range.ts";
import { normaliseAddress } from "./ip_address.ts";
import { isPrivateAddress } from "./private_address.ts";

/**
 * Finds the network that one owner mostly has as a whole: 256 addresses of IPv4, a site of IPv6
 * (RFC 6177).
 *
 * @param address text form, without brackets and port
 * @returns in CIDR notation, /24 or /48; `null` when it is private, or no address
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(publicNetwork("192.0.2.7"), "192.0.2.0/24");
 * assertEquals(publicNetwork("2001:db8:1:2::3"), "2001:db8:1::/48");
 * assertEquals(publicNetwork("10.1.2.3"), null);
 * ```
 */
export function publicNetwork(address: string): string | null {
  const bytes = parseAddress(address);
  if (bytes === null || isPrivateAddress(address)) return null;
  if (bytes.length === 4) return `${bytes.subarray(0, 3).join(".")}.0/24`;
  const groups = [0, 2, 4].map((at) => ((bytes[at]! << 8) | bytes[at + 1]!).toString(16));
  return `${normaliseAddress(`${groups.join(":")}::`)}/48`;
}
