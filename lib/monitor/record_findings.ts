import { causeInFull, type DownCause, validCause } from "../catalog/down_cause.ts";
import type { MirrorRecord, MirrorState } from "../catalog/mirror_state.ts";
import type { Config } from "../config/config.ts";
import type { Log } from "../log/log.ts";
import { NoSuchMirrorError, type Store } from "../store/store.ts";
import type { Finding } from "./finding.ts";

/** What {@linkcode recordFindings} takes. */
export interface RecordOptions {
  /** The mirror as it was when the check began. */
  readonly mirror: MirrorRecord;
  readonly store: Pick<Store, "addEvent" | "enableMirror" | "mirror" | "updateMirrorState">;
  readonly config: Pick<Config, "disableOnMissingFile">;
  readonly log: Log;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

/** Writes what is new, first to the state, then to the events. */
export async function recordFindings(
  findings: readonly Finding[],
  { mirror, store, config, log, now }: RecordOptions,
): Promise<void> {
  // Most checks change nothing: then what is remembered of the mirror is enough.
  if (findings.some((finding) => differs(finding, mirror))) {
    const current = await store.mirror(mirror.id);
    // What another URL serves was not asked.
    if (current === null || current.httpUrl !== mirror.httpUrl) return;
    const changed = findings.filter((finding) => differs(finding, current));
    const switched = changed.filter((finding) => switches(finding, current));
    const stateSince = switched.length > 0 || current.stateSince === null
      ? now()
      : current.stateSince;
    if (changed.length > 0) {
      // Each cause tells of what state it is, also that of a scheme that did not change.
      const told = switched.length > 0 ? findings : changed;
      await store.updateMirrorState(mirror.id, {
        ...Object.assign({}, ...told.map((finding) => stateOf(finding, stateSince))),
        ...(switched.length > 0 ? { stateSince } : {}),
      });
    }
    for (const { protocol, up, reason, cause } of switched) {
      if (up) log.info(`Mirror ${mirror.name} is up (${protocol})`);
      else log.warn(`Mirror ${mirror.name} is down (${protocol}): ${causeInFull(reason, cause)}`);
      const event = { mirrorId: mirror.id, time: now(), protocol, up, reason };
      await store.addEvent({ type: "state", ...event, ...(cause === null ? {} : { cause }) });
    }
  }
  if (config.disableOnMissingFile && findings.some(({ missing }) => missing)) {
    try {
      // The operator, or another node, may have been faster.
      if (!(await store.mirror(mirror.id))?.enabled) return;
      await store.enableMirror(mirror.id, false);
      // A plan would enable it again.
      if (mirror.downtime !== null) await store.updateMirrorState(mirror.id, { downtime: null });
    } catch (error) {
      if (error instanceof NoSuchMirrorError) return;
      throw error;
    }
    log.warn(`Mirror ${mirror.name} was disabled: a file is missing there`);
    await store.addEvent({ type: "disabled", mirrorId: mirror.id, time: now() });
  }
}

/** Whether a finding says something that the mirror's state does not say yet. */
function differs(finding: Finding, state: MirrorState): boolean {
  const { reason, cause } = stateFor(finding.protocol, state);
  if (switches(finding, state) || finding.reason !== reason) return true;
  return finding.cause?.text !== validCause(cause, reason, state.stateSince)?.text;
}

function stateFor(
  protocol: Finding["protocol"],
  state: MirrorState,
): { readonly reason: string; readonly cause: DownCause | null } {
  return protocol === "http"
    ? { reason: state.httpDownReason, cause: state.httpDownCause }
    : { reason: state.httpsDownReason, cause: state.httpsDownCause };
}

/** Whether the mirror went up or down, or was never checked before. */
function switches({ protocol, up }: Finding, state: MirrorState): boolean {
  return state.stateSince === null || up !== (protocol === "http" ? state.httpUp : state.httpsUp);
}

function stateOf({ protocol, up, reason, cause }: Finding, since: number): Partial<MirrorState> {
  const known: DownCause | null = cause && { ...cause, reason, since };
  return protocol === "http"
    ? { httpUp: up, httpDownReason: reason, httpDownCause: known }
    : { httpsUp: up, httpsDownReason: reason, httpsDownCause: known };
}
