import type { MirrorEventDetail } from "../catalog/mirror_event.ts";
import type { MirrorRecord } from "../catalog/mirror_state.ts";
import type { Log } from "../log/log.ts";
import { NoSuchMirrorError, type Store } from "../store/store.ts";
import { downtimeStep } from "./downtime_step.ts";

/** What {@linkcode keepDowntime} takes. */
export interface DowntimeOptions {
  readonly id: number;
  readonly store: Pick<Store, "addEvent" | "enableMirror" | "mirror" | "updateMirrorState">;
  /** Scans the mirror before it is on again; `null`: it cannot be scanned. */
  readonly scan: ((mirror: MirrorRecord) => Promise<unknown>) | null;
  /** Whether it is told that the scan failed; it is said once. */
  readonly tell: boolean;
  readonly log: Pick<Log, "info" | "warn">;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

/**
 * Does what the plan of a mirror asks for now. Everything is written in an order in which a process that
 * ends half-way leaves what the next one goes on with.
 *
 * @returns whether the mirror has to stay off, since the scan failed
 * @throws {StoreUnavailableError}
 * @throws whatever the scan throws when the store could not be told
 */
export async function keepDowntime(
  { id, store, scan, tell, log, now }: DowntimeOptions,
): Promise<boolean> {
  const mirror = await store.mirror(id);
  if (mirror === null || mirror.downtime === null) return false;
  const { downtime, name } = mirror;
  const { from, until, reason } = downtime;
  const event = async (detail: MirrorEventDetail): Promise<void> => {
    const by = downtime.by === "" ? {} : { by: downtime.by };
    await store.addEvent({ ...detail, mirrorId: id, time: now(), ...by });
  };
  const told = { type: "downtime", from, until, reason } as const;
  try {
    switch (downtimeStep(mirror, now())) {
      case "begin":
        if (mirror.enabled) await store.enableMirror(id, false);
        await store.updateMirrorState(id, { downtime: { ...downtime, started: true } });
        log.info(`Mirror ${JSON.stringify(name)} is disabled: planned downtime`);
        await event({ ...told, step: "began" });
        if (mirror.enabled) await event({ type: "disabled" });
        return false;
      case "forget":
        await store.updateMirrorState(id, { downtime: null });
        return false;
      case "end":
        break;
      default:
        return false;
    }
    if (scan !== null && !await isScanned(mirror, scan)) {
      if (tell) {
        log.warn(`Mirror ${JSON.stringify(name)} stays disabled: it cannot be scanned yet`);
        await event({ ...told, step: "prolonged" });
      }
      return true;
    }
    // The operator may have been faster, in whatever way.
    const current = await store.mirror(id);
    if (current === null || downtimeStep(current, now()) !== "end") return false;
    await store.enableMirror(id, true);
    await store.updateMirrorState(id, { downtime: null });
    log.info(`Mirror ${JSON.stringify(name)} is enabled again: its downtime is over`);
    await event({ ...told, step: "ended" });
    await event({ type: "enabled" });
  } catch (error) {
    if (!(error instanceof NoSuchMirrorError)) throw error;
  }
  return false;
}

/** What a scan says of itself it has told already. */
async function isScanned(
  mirror: MirrorRecord,
  scan: (mirror: MirrorRecord) => Promise<unknown>,
): Promise<boolean> {
  return await scan(mirror).then(() => true, () => false);
}
