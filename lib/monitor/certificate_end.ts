import { connect } from "node:tls";
import { requirePermission } from "../config/require_permission.ts";
import { normaliseAddress } from "../net/ip_address.ts";

/**
 * Asks an HTTPS server for the day on which its certificate ends: a handshake that verifies nothing and
 * after which nothing is sent.
 *
 * @param url an `https:` URL
 * @param signal bounds it
 * @returns milliseconds since the epoch; `null` when the server does not tell
 * @throws the signal's reason when it was aborted
 */
export async function certificateEnd(url: string, signal: AbortSignal): Promise<number | null> {
  signal.throwIfAborted();
  const { hostname, port } = new URL(url);
  const host = hostname.replace(/^\[(.*)\]$/, "$1");
  requirePermission({ name: "net", host: `${hostname}:${port || 443}` });
  const { promise, resolve, reject } = Promise.withResolvers<number | null>();
  const socket = connect({
    host,
    port: Number(port || 443),
    rejectUnauthorized: false,
    ...(normaliseAddress(host) === null ? { servername: host } : {}),
  });
  const abort = (): void => reject(signal.reason);
  signal.addEventListener("abort", abort, { once: true });
  socket.on("error", () => resolve(null));
  socket.on("close", () => resolve(null));
  socket.on("secureConnect", () => {
    const ends = Date.parse(socket.getPeerCertificate().valid_to ?? "");
    resolve(Number.isNaN(ends) ? null : ends);
  });
  try {
    return await promise;
  } finally {
    signal.removeEventListener("abort", abort);
    socket.destroy();
  }
}
