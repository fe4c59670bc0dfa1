import { connect, type PeerCertificate } from "node:tls";
import { requirePermission } from "../config/require_permission.ts";
import { normaliseAddress } from "../net/ip_address.ts";

/**
 * Asks an HTTPS server for the day on which its certificate ends.
 *
 * @param url an `https:` URL
 * @param signal bounds it
 * @returns milliseconds since the epoch; `null` when the server does not tell
 * @throws the signal's reason when it was aborted
 */
export async function certificateEnd(url: string, signal: AbortSignal): Promise<number | null> {
  const shown = await shownCertificate(url, signal);
  const ends = Date.parse(shown?.valid_to ?? "");
  return Number.isNaN(ends) ? null : ends;
}

/**
 * Whether an HTTPS server shows a certificate that it signed itself: what refuses it need not say so.
 *
 * @param url an `https:` URL
 * @param signal bounds it
 * @returns `false` also when the server does not tell
 */
export async function isSelfSigned(url: string, signal: AbortSignal): Promise<boolean> {
  try {
    const { subject, issuer } = await shownCertificate(url, signal) ?? {};
    const [name, by] = [subject, issuer].map((one) => JSON.stringify(one ?? null));
    return name !== "null" && name === by;
  } catch {
    return false;
  }
}

/** A handshake that verifies nothing and after which nothing is sent. `null`: there was none. */
async function shownCertificate(url: string, signal: AbortSignal): Promise<PeerCertificate | null> {
  signal.throwIfAborted();
  const { hostname, port } = new URL(url);
  const host = hostname.replace(/^\[(.*)\]$/, "$1");
  requirePermission({ name: "net", host: `${hostname}:${port || 443}` });
  const { promise, resolve, reject } = Promise.withResolvers<PeerCertificate | null>();
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
  socket.on("secureConnect", () => resolve(socket.getPeerCertificate()));
  try {
    return await promise;
  } finally {
    signal.removeEventListener("abort", abort);
    socket.destroy();
  }
}
