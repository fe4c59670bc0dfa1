import { parseAddress } from "./address_range.ts";
import { normaliseAddress } from "./ip_address.ts";

/**
 * Writes the network of a given size that an address lies in.
 *
 * @param address text form, without brackets and port
 * @param prefixLength 0 to 32 or 128
 * @returns in CIDR notation; `null` when it is no address
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(networkAround("192.0.2.7", 25), "192.0.2.0/25");
 * assertEquals(networkAround("2001:db8:1:2::3", 33), "2001:db8::/33");
 * ```
 */
export function networkAround(address: string, prefixLength: number): string | null {
  const bytes = parseAddress(address);
  if (bytes === null) return null;
  const masked = bytes.map((byte, index) => {
    const bits = Math.min(8, Math.max(0, prefixLength - 8 * index));
    return byte & 0xff << 8 - bits;
  });
  if (masked.length === 4) return `${masked.join(".")}/${prefixLength}`;
  const groups = Array.from(
    { length: 8 },
    (_, index) => (masked[2 * index]! << 8 | masked[2 * index + 1]!).toString(16),
  );
  return `${normaliseAddress(groups.join(":"))}/${prefixLength}`;
}
