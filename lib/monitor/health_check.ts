import type { Clock } from "../clock/clock.ts";
import { withCause } from "../catalog/down_cause.ts";
import { type AddressFamily, familyName } from "../catalog/families.ts";
import { encodePath } from "../catalog/encode_path.ts";
import { joinUrl } from "../catalog/join_url.ts";
import type { MirrorRecord } from "../catalog/mirror_state.ts";
import type { Config } from "../config/config.ts";
import type { Log } from "../log/log.ts";
import type { Store } from "../store/store.ts";
import { checkFamilies, type FamilyCheck } from "./check_families.ts";
import { causeOf, downReason, type Finding } from "./finding.ts";
import type { RedirectRule } from "./follow_redirects.ts";
import { forgetCopy } from "./forget_copy.ts";
import { probe } from "./probe.ts";
import { recordFamilies, type RecordFamiliesOptions } from "./record_families.ts";
import { recordFindings } from "./record_findings.ts";

/** What {@linkcode checkHealth} takes. */
export interface HealthCheckOptions extends Omit<RedirectRule, "redirects"> {
  readonly mirror: MirrorRecord;
  readonly store: Pick<
    Store,
    | "addEvent"
    | "enableMirror"
    | "lookup"
    | "mirror"
    | "sharedFile"
    | "sharedFiles"
    | "updateCopies"
    | "updateMirrorState"
  >;
  readonly config: Pick<Config, "disallowRedirects" | "disableOnMissingFile">;
  readonly log: Log;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly clock: Pick<Clock, "timeout">;
  /** 0 to 1, exclusive. */
  readonly random: () => number;
  /** Ends the check; nothing is recorded. */
  readonly signal: AbortSignal;
  /** How many checks in a row found it busy before this one; default 0. */
  readonly busy?: number;
  /**
   * Whether one that is found up stays down for now, since it was away for long and has to be scanned
   * first; default false.
   */
  readonly hold?: boolean;
  /** Paths of the files that changed last in the source, the newest first; default: nobody knows. */
  readonly newest?: () => Promise<readonly string[]>;
  /** Whether a server shows a certificate that it signed itself; default: nobody knows. */
  readonly isSelfSigned?: (url: string, signal: AbortSignal) => Promise<boolean>;
  /** Asks over each family of addresses, where they are checked separately; default: they are not. */
  readonly families?:
    | Pick<FamilyCheck & RecordFamiliesOptions, "checkInterval" | "clients" | "routes">
    | null;
  /** Milliseconds for one answer; default 40 000. */
  readonly timeout?: number;
}

type Protocol = Finding["protocol"];

/** What {@linkcode checkHealth} leaves to its caller. */
export interface CheckOutcome {
  /** Whether there was a file to ask for. */
  readonly asked: boolean;
  /** How many checks in a row, this one included, found the mirror busy. */
  readonly busy: number;
  /** Milliseconds that the mirror is to be left alone; `null`: as long as ever. */
  readonly wait: number | null;
  /** Whether a file was forgotten that is not there any more: what else? */
  readonly forgot: boolean;
  /** Whether the mirror is up again and was held back. */
  readonly held: boolean;
}

/** Busy answers in a row that mean that the mirror is down. */
const MOST_BUSY = 3;

/** Files of a mirror among which the newest is looked for. */
const SAMPLE = 64;

interface SoughtFile {
  readonly path: string;
  readonly size: number;
}

/**
 * Checks whether a mirror serves a random file that it should have, over each scheme that it offers,
 * and records what changed. Where the file is missing two more are asked for: one that is missing alone
 * is forgotten. Answers that ask for patience change nothing until they come three times in a row.
 *
 * @throws {StoreUnavailableError}
 * @throws the signal's reason when it was aborted
 */
export async function checkHealth(options: HealthCheckOptions): Promise<CheckOutcome> {
  const { mirror, store, random, signal } = options;
  const nothing: CheckOutcome = { asked: true, busy: 0, wait: null, forgot: false, held: false };
  const shared = await store.sharedFile(mirror.id, random);
  signal.throwIfAborted();
  if (shared === null) return { ...nothing, asked: false };
  const { file } = shared;
  let findings: readonly Finding[] = (await Promise.all(
    baseUrls(mirror.httpUrl).map((base) => check(base, file, options)),
  )).filter((finding) => finding !== null);
  signal.throwIfAborted();
  if (findings.length === 0) return nothing;
  let forgot = false;
  if (findings.some(({ missing }) => missing)) {
    // A file that was taken away everywhere while the mirror was asked says nothing about the mirror.
    if (!await isShared(file.path, options)) return nothing;
    const judged = await judgeMissing(findings, file, options);
    signal.throwIfAborted();
    forgot = judged !== findings && !judged.some(({ missing }) => missing);
    findings = judged;
    if (forgot) await forgetCopy(file.path, "missing", options);
  }
  const busy = findings.some((finding) => finding.busy !== null) ? (options.busy ?? 0) + 1 : 0;
  const telling = busy >= MOST_BUSY
    ? findings
    : findings.filter((finding) => finding.busy === null);
  await recordBusy(busy > 0 && busy < MOST_BUSY, options);
  if (options.families) {
    const { checkInterval } = options.families;
    await recordFamilies(findings, { ...options, checkInterval });
  }
  const held = options.hold === true && telling.some(({ up }) => up);
  if (!held) await recordFindings(telling, options);
  return {
    ...{ asked: true, forgot, held, busy },
    wait: busy > 0 ? Math.max(...findings.map((finding) => finding.busy ?? 0)) : null,
  };
}

/**
 * Tells a mirror that lacks files from one that lacks a file: two more are asked for where one is
 * missing, the newest and a random one.
 *
 * @returns what was found, where two of three files are missing, or all that there are; else what the
 *   other files say
 */
async function judgeMissing(
  findings: readonly Finding[],
  file: SoughtFile,
  options: HealthCheckOptions,
): Promise<readonly Finding[]> {
  const others = await otherFiles(file, options);
  if (others.length === 0) return findings;
  const bases = baseUrls(options.mirror.httpUrl);
  return await Promise.all(findings.map(async (finding) => {
    const base = bases.find(({ protocol }) => protocol === finding.protocol);
    if (!finding.missing || base === undefined) return finding;
    const more = (await Promise.all(others.map((other) => check(base, other, options))))
      .filter((one) => one !== null);
    // Two of three, or both of two.
    const lacking = 1 + more.filter(({ missing }) => missing).length;
    if (lacking >= 2) return finding;
    return more.find(({ up, missing }) => !up && !missing) ?? more.find(({ up }) => up) ?? finding;
  }));
}

/** Up to two more files that source and mirror share: the newest, as far as that is known, and any. */
async function otherFiles(
  { path }: SoughtFile,
  options: HealthCheckOptions,
): Promise<SoughtFile[]> {
  const { mirror, store, random, signal } = options;
  const newest = await newestShared(path, options);
  const sample = (await store.sharedFiles(mirror.id, SAMPLE, random))
    .map(({ file }) => file).filter((file) => file.path !== path && file.path !== newest?.path);
  signal.throwIfAborted();
  const byAge = sample.toSorted((a, b) => (b.modTime ?? 0) - (a.modTime ?? 0));
  const [first, ...rest] = newest === null ? byAge : [newest, ...byAge];
  const any = rest[Math.floor(random() * rest.length)];
  return [first, any].filter((file) => file !== undefined);
}

/** The newest file that source and mirror share, but for one, among the newest of the source. */
async function newestShared(
  path: string,
  { mirror, store, newest, signal }: HealthCheckOptions,
): Promise<SoughtFile | null> {
  for (const other of await newest?.() ?? []) {
    if (other === path) continue;
    const indexed = await store.lookup(other);
    signal.throwIfAborted();
    if (indexed?.copies.some(({ mirrorId }) => mirrorId === mirror.id)) return indexed.file;
  }
  return null;
}

/** Writes since when the mirror has been busy, where that changed. */
async function recordBusy(
  busy: boolean,
  { mirror, store, now }: Pick<HealthCheckOptions, "mirror" | "store" | "now">,
): Promise<void> {
  if (busy === (mirror.busySince !== null)) return;
  await store.updateMirrorState(mirror.id, { busySince: busy ? now() : null });
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

/** Checks one scheme, over each family of addresses where they are told apart. */
async function check(
  base: { readonly protocol: Protocol; readonly url: string },
  file: SoughtFile,
  options: HealthCheckOptions,
): Promise<Finding | null> {
  const { families, resolve, proxied, now } = options;
  if (!families || proxied) return await checkOnce(base, file, options);
  const host = new URL(base.url).hostname.replace(/^\[(.*)\]$/, "$1");
  return await checkFamilies(host, {
    ...{ ...families, resolve, now },
    check: ({ family, fetch }, ofFamily) =>
      checkOnce(base, file, { ...options, fetch }, { family, resolve: ofFamily }),
  });
}

async function checkOnce(
  base: { readonly protocol: Protocol; readonly url: string },
  { path, size }: SoughtFile,
  options: HealthCheckOptions,
  over?: { readonly family: AddressFamily; readonly resolve: HealthCheckOptions["resolve"] },
): Promise<Finding> {
  const { mirror, fetch, resolve, proxied = false, config, log, now, clock, signal, timeout } =
    options;
  const start = now();
  const result = await probe({
    url: joinUrl(base.url, encodePath(path)),
    fetch,
    resolve,
    proxied,
    redirects: mirror.allowRedirects ?? !config.disallowRedirects,
    signal,
    clock,
    ...(timeout === undefined ? {} : { timeout }),
  });
  const milliseconds = Math.max(0, Math.round(now() - start));
  const elapsed = `(${milliseconds}ms)`;
  const way = over === undefined ? base.protocol : `${base.protocol}, ${familyName(over.family)}`;
  const subject = `Health check of ${mirror.name} (${way})`;
  const reason = downReason(result, path);
  const cause = reason === "" ? null : await causeOf(result, reason, base.url, milliseconds, {
    ...options,
    resolve: over?.resolve ?? resolve,
    signal,
  });
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
    busy: result.type === "status" && BUSY.has(result.status)
      ? Math.min(LONGEST_WAIT, patience(result.retryAfter, now()))
      : null,
  };
}

/** Statuses of a server that is busy. */
const BUSY: ReadonlySet<number> = new Set([429, 503]);

/** The longest time that a server may ask to be left alone, in milliseconds. */
const LONGEST_WAIT = 5 * 60_000;

/** Milliseconds that `Retry-After` asks for (RFC 9110, section 10.2.3); 0 when it says nothing. */
function patience(retryAfter: string | null, now: number): number {
  if (retryAfter === null) return 0;
  if (/^\d{1,9}$/.test(retryAfter)) return Number(retryAfter) * 1000;
  const time = Date.parse(retryAfter);
  return Number.isNaN(time) ? 0 : Math.max(0, time - now);
}
