import type { SharedAddress } from "../http/threads/steering.ts";

/** From socket.h of Linux. */
const AF_INET = 2;
const AF_INET6 = 10;

/**
 * Reads a `struct sockaddr` of Linux.
 *
 * @returns the address, with the host in one form for each; `null` when it is none of TCP
 */
export function readSocketAddress(bytes: Uint8Array<ArrayBuffer>): SharedAddress | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  const family = view.getUint16(0, true);
  const port = view.getUint16(2);
  if (family === AF_INET) return { hostname: bytes.subarray(4, 8).join("."), port };
  if (family !== AF_INET6) return null;
  const groups = Array.from({ length: 8 }, (_, i) => view.getUint16(8 + 2 * i).toString(16));
  return { hostname: canonicalAddress(groups.join(":")) ?? "", port };
}

/**
 * Writes an IP address in the one form that {@linkcode readSocketAddress} writes.
 *
 * @returns `null` for a name
 */
export function canonicalAddress(hostname: string): string | null {
  if (/^\d+\.\d+\.\d+\.\d+$/.test(hostname)) return hostname;
  return hostname.includes(":") ? URL.parse(`http://[${hostname}]`)?.hostname ?? null : null;
}
