import { systemClock } from "./system_clock.ts";

/** Milliseconds that a handshake may take: as long as checks may take to connect. */
const PATIENCE = 20_000;

/** Whether a server signed its certificate itself; `false` when it does not tell in time. */
export async function looksSelfSigned(url: string, signal: AbortSignal): Promise<boolean> {
  const { isSelfSigned } = await import("../monitor/shown_certificate.ts");
  return await isSelfSigned(url, AbortSignal.any([signal, systemClock.timeout(PATIENCE)]));
}

/**
 * When the certificate of a URL ends.
 *
 * @returns milliseconds since the epoch; `null` when the server does not tell in time
 * @throws the signal's reason when it was aborted
 */
export async function endOfCertificate(url: string, signal: AbortSignal): Promise<number | null> {
  const { certificateEnd } = await import("../monitor/shown_certificate.ts");
  const patience = systemClock.timeout(PATIENCE);
  try {
    return await certificateEnd(url, AbortSignal.any([signal, patience]));
  } catch (error) {
    signal.throwIfAborted();
    if (patience.aborted) return null;
    throw error;
  }
}
