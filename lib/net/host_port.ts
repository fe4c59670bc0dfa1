import { parseAddress } from "./address_range.ts";

/** Where a server is: a name or an address, and a TCP port. */
export interface HostPort {
  /** Without the brackets of an IPv6 address; empty when only a port was given. */
  readonly hostname: string;
  /** 0 to 65535. */
  readonly port: number;
}

/**
 * Reads `host:port`, `[IPv6 address]:port` or `:port`.
 *
 * @returns `null` when it is none of these
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(parseHostPort("[::1]:80"), { hostname: "::1", port: 80 });
 * assertEquals(parseHostPort("localhost"), null);
 * ```
 */
export function parseHostPort(text: string): HostPort | null {
  const match = /^(?:\[([^\]]+)\]|([A-Za-z0-9._-]*)):(\d{1,5})$/.exec(text);
  if (!match) return null;
  const [, bracketed, plain = "", digits] = match;
  if (bracketed !== undefined && !(bracketed.includes(":") && parseAddress(bracketed))) return null;
  const port = Number(digits);
  return port > 65535 ? null : { hostname: bracketed ?? plain, port };
}

/**
 * Writes a host and a port the way {@linkcode parseHostPort} reads them.
 *
 * @returns `host:port`, with brackets around an IPv6 address
 */
export function formatHostPort({ hostname, port }: HostPort): string {
  return hostname.includes(":") ? `[${hostname}]:${port}` : `${hostname}:${port}`;
}
