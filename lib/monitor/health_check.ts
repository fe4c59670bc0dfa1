import { encodePath } from "../catalog/encode_path.ts";
import { joinUrl } from "../catalog/join_url.ts";
import type { MirrorRecord, MirrorState } from "../catalog/mirror_state.ts";
import type { Config } from "../config/config.ts";
import type { Log } from "../log/log.ts";
import { NoSuchMirrorError, type Store } from "../store/store.ts";
import type { RedirectRule } from "./follow_redirects.ts";
import { probe, type ProbeResult } from "./probe.ts";

/** What {@linkcode checkHealth} takes. */
export interface HealthCheckOptions extends Omit<RedirectRule, "redirects"> {
  readonly mirror: MirrorRecord;
  readonly store: Pick<
    Store,
    "addEvent" | "enableMirror" | "lookup" | "mirror" | "sharedFile" | "updateMirrorState"
  >;
  readonly config: Pick<Config, "disallowRedirects" | "disableOnMissingFile">;
  readonly log: Log;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** 0 to 1, exclusive. */
  readonly random: () => number;
  /** Ends the check; nothing is recorded. */
  readonly signal: AbortSignal;
  /** Milliseconds for one answer; default 40 000. */
  readonly timeout?: number;
}

type Protocol = "http" | "https";

/** What a check of one scheme found. */
interface Finding {
  readonly protocol: Protocol;
  readonly up: boolean;
  /** Why it is down; empty when it is up. */
  readonly reason: string;
  /** Whether the server said that the file does not exist. */
  readonly missing: boolean;
}

/**
 * Checks whether a mirror serves a random file that it should have, over each scheme that it offers,
 * and records what changed.
 *
 * @returns whether there was a file to ask for
 * @throws {StoreUnavailableError}
 * @throws the signal's reason when it was aborted
 */
export async function checkHealth(options: HealthCheckOptions): Promise<boolean> {
  const { mirror, store, random, signal } = options;
  const shared = await store.sharedFile(mirror.id, random);
  signal.throwIfAborted();
  if (shared === null) return false;
  const { path, size } = shared.file;
  const findings = await Promise.all(
    baseUrls(mirror.httpUrl).map((base) => check(base, path, size, options)),
  );
  signal.throwIfAborted();
  // A file that was taken away everywhere while the mirror was asked says nothing about the mirror.
  const says = !findings.some(({ missing }) => missing) || await isShared(path, options);
  if (says) await record(findings, options);
  return true;
}

/** Whether the source and the mirror still have a file. */
async function isShared(
  path: string,
  { store, mirror }: Pick<HealthCheckOptions, "store" | "mirror">,
): Promise<boolean> {
  const { copies = [] } = await store.lookup(path) ?? {};
  return copies.some(({ mirrorId }) => mirrorId === mirror.id);
}

/** The base URLs to check: both schemes when the mirror's has none. */
function baseUrls(httpUrl: string): { protocol: Protocol; url: string }[] {
  const scheme = /^(https?):\/\//i.exec(httpUrl)?.[1]?.toLowerCase();
  if (scheme === "http" || scheme === "https") return [{ protocol: scheme, url: httpUrl }];
  return [
    { protocol: "http", url: `http://${httpUrl}` },
    { protocol: "https", url: `https://${httpUrl}` },
  ];
}

async function check(
  base: { readonly protocol: Protocol; readonly url: string },
  path: string,
  size: number,
  options: HealthCheckOptions,
): Promise<Finding> {
  const { mirror, fetch, resolve, proxied = false, config, log, now, signal, timeout } = options;
  const start = now();
  const result = await probe({
    url: joinUrl(base.url, encodePath(path)),
    fetch,
    resolve,
    proxied,
    redirects: mirror.allowRedirects ?? !config.disallowRedirects,
    signal,
    ...(timeout === undefined ? {} : { timeout }),
  });
  const elapsed = `(${Math.max(0, Math.round(now() - start))}ms)`;
  const subject = `Health check of ${mirror.name} (${base.protocol})`;
  const reason = downReason(result, path);
  if (reason !== "") log.debug(`${subject}: ${reason} ${elapsed}`);
  else if (result.type === "found" && result.size !== null && result.size !== size) {
    log.warn(`${subject}: File size mismatch! [${path}] ${elapsed}`);
  } else log.debug(`${subject}: Up! ${elapsed}`);
  return {
    protocol: base.protocol,
    up: reason === "",
    reason,
    missing: result.type === "status" && result.status === 404,
  };
}

/** Why an answer means that the mirror is down; empty when it is up. */
function downReason(result: ProbeResult, path: string): string {
  switch (result.type) {
    case "found":
      return "";
    case "redirect":
      return result.reason;
    case "unreachable":
      return "Unreachable";
    case "status":
      return result.status === 404
        ? `File not found ${path} (error 404)`
        : `Got status code ${result.status}`;
  }
}

/** Writes what is new, first to the state, then to the events. */
async function record(
  findings: readonly Finding[],
  { mirror, store, config, log, now }: HealthCheckOptions,
): Promise<void> {
  // Most checks change nothing: then what is remembered of the mirror is enough.
  if (findings.some((finding) => differs(finding, mirror))) {
    const current = await store.mirror(mirror.id);
    if (current === null) return;
    const changed = findings.filter((finding) => differs(finding, current));
    const switched = changed.filter((finding) => switches(finding, current));
    if (changed.length > 0) {
      await store.updateMirrorState(mirror.id, {
        ...Object.assign({}, ...changed.map(stateOf)),
        ...(switched.length > 0 ? { stateSince: now() } : {}),
      });
    }
    for (const { protocol, up, reason } of switched) {
      if (up) log.info(`Mirror ${mirror.name} is up (${protocol})`);
      else log.warn(`Mirror ${mirror.name} is down (${protocol}): ${reason}`);
      const event = { mirrorId: mirror.id, time: now(), protocol, up, reason };
      await store.addEvent({ type: "state", ...event });
    }
  }
  if (config.disableOnMissingFile && findings.some(({ missing }) => missing)) {
    try {
      // The operator, or another node, may have been faster.
      if (!(await store.mirror(mirror.id))?.enabled) return;
      await store.enableMirror(mirror.id, false);
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
  const reason = finding.protocol === "http" ? state.httpDownReason : state.httpsDownReason;
  return switches(finding, state) || finding.reason !== reason;
}

/** Whether the mirror went up or down, or was never checked before. */
function switches({ protocol, up }: Finding, state: MirrorState): boolean {
  return state.stateSince === null || up !== (protocol === "http" ? state.httpUp : state.httpsUp);
}

function stateOf({ protocol, up, reason }: Finding): Partial<MirrorState> {
  return protocol === "http"
    ? { httpUp: up, httpDownReason: reason }
    : { httpsUp: up, httpsDownReason: reason };
}
