import { AddressRangeList, parseAddress } from "./address_range.ts";

/**
 * Addresses that are not for everybody, after the registries of special-purpose addresses (RFC 6890):
 * this host, private and shared networks, links, groups, what is reserved.
 */
const PRIVATE = new AddressRangeList([
  ...["0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16"],
  ...["172.16.0.0/12", "192.0.0.0/24", "192.168.0.0/16", "198.18.0.0/15", "224.0.0.0/3"],
  ...["::/96", "64:ff9b:1::/48", "fc00::/7", "fe80::/9", "ff00::/8"],
]);

/** Prefixes whose addresses hold one of IPv4 at this byte: translation (RFC 6052), 6to4 (RFC 3056). */
const HOLDING_IPV4 = [
  { range: new AddressRangeList(["64:ff9b::/96"]), at: 12 },
  { range: new AddressRangeList(["2002::/16"]), at: 2 },
];

/**
 * Whether an address leads to this host, this link or a private network, or to nobody.
 *
 * @param address text form, without brackets and port; what is no address does not
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(isPrivateAddress("192.168.1.1"), true);
 * assertEquals(isPrivateAddress("::ffff:127.0.0.1"), true);
 * assertEquals(isPrivateAddress("192.0.2.1"), false);
 * ```
 */
export function isPrivateAddress(address: string): boolean {
  if (PRIVATE.contains(address)) return true;
  const holding = HOLDING_IPV4.find(({ range }) => range.contains(address));
  if (holding === undefined) return false;
  const bytes = parseAddress(address)!.subarray(holding.at, holding.at + 4);
  return PRIVATE.contains(bytes.join("."));
}
