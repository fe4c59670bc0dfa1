import { parseAddress } from "./address_range.ts";

/**
 * Reads an IPv4 or IPv6 address and writes it in one form, so that one client has one name: IPv6 as
 * RFC 5952 recommends, without its zone, and an IPv4 address mapped into IPv6 as IPv4.
 *
 * @param text the address, without port or brackets
 * @returns `null` when it is no address
 */
export function normaliseAddress(text: string): string | null {
  const bytes = parseAddress(text);
  if (bytes === null) return null;
  if (bytes.length === 4) return text.includes(":") ? bytes.join(".") : text;
  return formatIpv6(bytes);
}

/** RFC 5952 §4: lower case, no leading zeros, the first of the longest runs of zeros shortened. */
function formatIpv6(bytes: Uint8Array): string {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const groups = Array.from({ length: 8 }, (_, index) => view.getUint16(index * 2));
  let start = 0;
  let length = 0;
  for (let i = 0; i < 8; i++) {
    let end = i;
    while (groups[end] === 0) end++;
    if (end - i > length) [start, length] = [i, end - i];
    i = Math.max(i, end - 1);
  }
  const text = (part: readonly number[]): string => part.map((g) => g.toString(16)).join(":");
  if (length < 2) return text(groups);
  return `${text(groups.slice(0, start))}::${text(groups.slice(start + length))}`;
}
