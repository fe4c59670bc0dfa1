import { causeInFull, type DownCause, validCause, withCause } from "../catalog/down_cause.ts";
import { encodePath } from "../catalog/encode_path.ts";
import { joinUrl } from "../catalog/join_url.ts";
import type { MirrorRecord, MirrorState } from "../catalog/mirror_state.ts";
import type { Config } from "../config/config.ts";
import type { Log } from "../log/log.ts";
import { normaliseAddress } from "../net/ip_address.ts";
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

type CheckCause = Pick<DownCause, "kind" | "text" | "address" | "milliseconds">;

/** What a check of one scheme found. */
interface Finding {
  readonly protocol: Protocol;
  readonly up: boolean;
  /** Why it is down; empty when it is up. */
  readonly reason: string;
  /** What lies behind that; `null` when it is up. */
  readonly cause: CheckCause | null;
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
  const milliseconds = Math.max(0, Math.round(now() - start));
  const elapsed = `(${milliseconds}ms)`;
  const subject = `Health check of ${mirror.name} (${base.protocol})`;
  const reason = downReason(result, path);
  const cause = reason === ""
    ? null
    : await causeOf(result, reason, base.url, milliseconds, options);
  if (cause) log.debug(`${subject}: ${withCause(reason, cause)} ${elapsed}`);
  else if (result.type === "found" && result.size !== null && result.size !== size) {
    log.warn(`${subject}: File size mismatch! [${path}] ${elapsed}`);
  } else log.debug(`${subject}: Up! ${elapsed}`);
  return {
    protocol: base.protocol,
    up: reason === "",
    reason,
    cause,
    missing: result.type === "status" && result.status === 404,
  };
}

/** What lies behind a failure, with the address that was asked as far as anybody knows it. */
async function causeOf(
  result: ProbeResult,
  reason: string,
  url: string,
  milliseconds: number,
  { resolve, signal }: Pick<HealthCheckOptions, "resolve" | "signal">,
): Promise<CheckCause> {
  const { kind, text, address } = failureOf(result, reason);
  if (kind === "dns" || address !== "") return { kind, text, address, milliseconds };
  const host = new URL(url).hostname.replace(/^\[(.*)\]$/, "$1");
  // One that has several is asked in their order.
  const [first = ""] = normaliseAddress(host) !== null
    ? [host]
    : await orAborted(resolve(host).catch(() => []), signal);
  return { kind, text, address: first, milliseconds };
}

function failureOf(
  result: ProbeResult,
  reason: string,
): Pick<DownCause, "kind" | "text" | "address"> {
  switch (result.type) {
    case "unreachable":
      return result.cause;
    case "redirect":
      return { kind: "answer", text: `redirected to ${result.target}`, address: "" };
    default:
      return { kind: "status", text: reason, address: "" };
  }
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
  protocol: Protocol,
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

/** What is waited for, unless the check ends first. */
function orAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>();
  const stop = (): void => reject(signal.reason);
  if (signal.aborted) stop();
  signal.addEventListener("abort", stop, { once: true });
  return Promise.race([work, promise]).finally(() => signal.removeEventListener("abort", stop));
}
