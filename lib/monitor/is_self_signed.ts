import { connect } from "node:tls";

/**
 * Whether an HTTPS server shows a certificate that it signed itself: what refuses it need not say so. A
 * handshake that verifies nothing and after which nothing is sent.
 *
 * @param url an `https:` URL
 * @param signal bounds it
 * @returns `false` also when the server does not tell
 */
export async function isSelfSigned(url: string, signal: AbortSignal): Promise<boolean> {
  if (signal.aborted) return false;
  const { hostname, port } = new URL(url);
  const host = hostname.replace(/^\[(.*)\]$/, "$1");
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const socket = connect({
    host,
    port: Number(port || 443),
    rejectUnauthorized: false,
    ...(/^[\d.]+$|:/.test(host) ? {} : { servername: host }),
  });
  const stop = (): void => resolve(false);
  signal.addEventListener("abort", stop, { once: true });
  socket.on("error", stop);
  socket.on("close", stop);
  socket.on("secureConnect", () => {
    const { subject, issuer } = socket.getPeerCertificate();
    const [name, by] = [subject, issuer].map((one) => JSON.stringify(one ?? null));
    resolve(name !== "null" && name === by);
  });
  try {
    return await promise;
  } finally {
    signal.removeEventListener("abort", stop);
    socket.destroy();
  }
}
