import { networkAround } from "../net/network_around.ts";

/** LogAddress: what the download log holds of a client's address. */
export type LogAddress = "full" | "network" | "none";

/** Leading bits that are kept of an address of each family. */
const KEPT_BITS = { ipv4: 24, ipv6: 48 } as const;

/**
 * Leaves of an address what may be written down. What is left of it is an address as well, so that
 * whoever reads the log finds one where one is looked for.
 *
 * @param address normalised; `null`: not known
 * @param wanted what may be written
 * @returns `null`: nothing
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(loggedAddress("192.0.2.7", "network"), "192.0.2.0");
 * assertEquals(loggedAddress("2001:db8:7:8::9", "network"), "2001:db8:7::");
 * ```
 */
export function loggedAddress(address: string | null, wanted: LogAddress): string | null {
  if (address === null || wanted === "full") return address;
  if (wanted === "none") return null;
  const network = networkAround(
    address,
    address.includes(":") ? KEPT_BITS.ipv6 : KEPT_BITS.ipv4,
  );
  return network === null ? null : network.slice(0, network.indexOf("/"));
}
