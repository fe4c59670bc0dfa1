import { validCause } from "../catalog/down_cause.ts";
import type { MirrorRecord } from "../catalog/mirror_state.ts";
import { lagOf } from "../catalog/scan_numbers.ts";
import { utcDay } from "../clock/utc_day.ts";
import type { QuotaUse } from "../stats/quota_watch.ts";
import type { Concern } from "./concern.ts";

/**
 * Tells whether a mirror that should serve is down over every scheme that it offers.
 *
 * @returns what is wrong; `null` when it is up, or off, or nobody knows
 */
export function downConcern(mirror: MirrorRecord): Concern | null {
  const { id, enabled, unchecked, stateSince, httpUp, httpsUp } = mirror;
  if (!enabled || unchecked || stateSince === null || httpUp || httpsUp) return null;
  const http = mirror.httpDownReason !== "";
  const reason = http ? mirror.httpDownReason : mirror.httpsDownReason;
  // After its URL was changed nobody knows until the next check.
  if (reason === "") return null;
  const found = http ? mirror.httpDownCause : mirror.httpsDownCause;
  const cause = validCause(found, reason, stateSince);
  return {
    event: "down",
    subject: id,
    reason,
    cause: cause === null ? "" : causeText(cause),
    since: stateSince,
    level: "",
  };
}

/**
 * Tells whether an enabled mirror is behind by its listing for longer than is allowed.
 *
 * @param staleAfter minutes
 */
export function staleConcern(
  mirror: MirrorRecord,
  staleAfter: number,
  now: number,
): Concern | null {
  const lag = mirror.enabled ? lagOf(mirror, now) : null;
  if (lag === null || lag <= staleAfter * 60_000) return null;
  const hours = Math.floor(lag / 3_600_000);
  const { older = 0, size = 0, missing = 0 } = mirror.scanNumbers ?? {};
  const lacks = [[older, "older"], [size, "of another size"], [missing, "missing"]] as const;
  return {
    event: "stale",
    subject: mirror.id,
    reason: `behind by ${hours < 1 ? `${Math.floor(lag / 60_000)} min` : `${hours} h`}`,
    cause: lacks.filter(([count]) => count > 0).map((one) => one.join(" ")).join(", "),
    since: now - lag + staleAfter * 60_000,
    level: "",
  };
}

function causeText(
  { text, address, milliseconds }: {
    readonly text: string;
    readonly address: string;
    readonly milliseconds: number;
  },
): string {
  return `${text} (${address === "" ? "" : `${address}, `}${milliseconds} ms)`;
}

/**
 * Tells whether a mirror has used much of its quota, and again when it has used it up.
 *
 * @param uses `null`: nobody knows yet
 */
export function quotaConcerns(
  { id, maxDay, maxMonth }: MirrorRecord,
  uses: readonly QuotaUse[] | null,
  now: number,
): Concern[] {
  if (maxDay + maxMonth === 0) return [];
  const common = { event: "quota", subject: id, cause: "" } as const;
  if (uses === null) return [{ ...common, reason: "", since: now, level: "", held: true }];
  const use = uses.find(({ mirrorId }) => mirrorId === id);
  if (use === undefined) return [];
  const { mark, text, start } = use;
  return [{ ...common, reason: text, since: Date.parse(start), level: `${mark} ${start}` }];
}

const DAY = 86_400_000;

/** Days before the end at which it is told, the last first. */
const LIMITS = [3, 14] as const;

/** Tells whether the certificate of an enabled mirror ends in 14 days, and again when it does in 3. */
export function certificateConcerns(
  { id, enabled, httpUrl, certificate }: MirrorRecord,
  now: number,
): Concern[] {
  if (!enabled || certificate === null || /^http:\/\//i.test(httpUrl)) return [];
  const { ends } = certificate;
  const limit = LIMITS.find((days) => ends - now <= days * DAY);
  if (limit === undefined) return [];
  const day = utcDay(ends);
  return [{
    event: "certificate",
    subject: id,
    reason: `its certificate ${ends > now ? "ends" : "ended"} on ${day}`,
    cause: "",
    since: ends - limit * DAY,
    level: `${limit} ${ends}`,
  }];
}
