import type { MirrorRecord } from "../catalog/mirror_state.ts";
import type { Log } from "../log/log.ts";
import type { Store } from "../store/store.ts";
import { utcDay } from "../clock/utc_day.ts";

/** What {@linkcode checkCertificate} takes. */
export interface CertificateCheckOptions {
  readonly mirror: MirrorRecord;
  readonly store: Pick<Store, "addEvent" | "mirror" | "updateMirrorState">;
  /** When the certificate of a URL ends, in milliseconds since the epoch; `null`: nobody knows. */
  readonly endOf: (url: string, signal: AbortSignal) => Promise<number | null>;
  readonly log: Log;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly signal: AbortSignal;
}

const DAY = 86_400_000;

/** Days before the end at which an event tells of it, the last first. */
const WARNINGS = [3, 14] as const;

/**
 * Learns when the certificate of a mirror that offers HTTPS ends; an event tells of it 14 and 3 days
 * before, once.
 *
 * @throws {StoreUnavailableError}
 * @throws the signal's reason when it was aborted
 */
export async function checkCertificate(options: CertificateCheckOptions): Promise<void> {
  const { mirror, store, endOf, log, now, signal } = options;
  if (/^http:\/\//i.test(mirror.httpUrl)) return;
  const url = /^https:\/\//i.test(mirror.httpUrl) ? mirror.httpUrl : `https://${mirror.httpUrl}`;
  const ends = await endOf(url, signal);
  if (ends === null) return;
  const current = await store.mirror(mirror.id);
  if (current === null || current.httpUrl !== mirror.httpUrl) return;
  const before = current.certificate?.ends === ends ? current.certificate.warned : 0;
  const days = Math.floor((ends - now()) / DAY);
  const due = WARNINGS.find((limit) => ends - now() <= limit * DAY) ?? 0;
  const told = due > 0 && (before === 0 || due < before);
  const warned = told ? due : before;
  if (current.certificate?.ends !== ends || warned !== before) {
    await store.updateMirrorState(mirror.id, { certificate: { ends, warned } });
  }
  if (!told) return;
  const day = utcDay(ends);
  log.warn(`Mirror ${mirror.name}: its certificate ends on ${day}`);
  await store.addEvent({
    ...{ type: "certificate", mirrorId: mirror.id, time: now(), ends, days: Math.max(0, days) },
  });
}
