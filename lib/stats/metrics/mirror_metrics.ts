import { validFamilies } from "../../catalog/families.ts";
import type { MirrorRecord } from "../../catalog/mirror_state.ts";
import { lagOf, validNumbers } from "../../catalog/scan_numbers.ts";
import type { QuotaRatio } from "../quota_watch.ts";
import type { WorkTimes } from "../work_times.ts";
import { counter, gauge, type LabelledValue, type MetricFamily } from "./metric_family.ts";

/** What is known of mirrors beside what the store has of them. */
export interface MirrorMetricsOptions {
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** Minutes between two checks. */
  readonly checkInterval: number;
  readonly work: Pick<WorkTimes, "of">;
  readonly ratios: ReadonlyMap<number, QuotaRatio>;
}

/** How mirrors are. @param mirrors those that have metrics of their own */
export function mirrorMetrics(
  mirrors: readonly MirrorRecord[],
  { now, checkInterval, work, ratios }: MirrorMetricsOptions,
): MetricFamily[] {
  /** One value for each mirror. */
  const each = (of: (mirror: MirrorRecord) => number | null): LabelledValue[] =>
    mirrors.map((mirror) => [of(mirror), { mirror: mirror.name }]);
  /** Some values for each mirror. */
  const all = (of: (mirror: MirrorRecord) => readonly LabelledValue[]): LabelledValue[] =>
    mirrors.flatMap((mirror) =>
      of(mirror).map(([value, labels]): LabelledValue => [
        value,
        { mirror: mirror.name, ...labels },
      ])
    );
  return [
    gauge(
      "mirrorbits_mirror_info",
      "1 for each mirror, with where it is",
      all(({ continentCode, countryCodes }) => [
        [1, { continent: codeOf(continentCode), country: codeOf(countryCodes[0]) }],
      ]),
    ),
    gauge(
      "mirrorbits_mirror_up",
      "Whether a mirror is enabled and up: by scheme, and by family of addresses where that is checked",
      all((mirror) => upOf(mirror, now, checkInterval)),
    ),
    gauge(
      "mirrorbits_mirror_state_seconds",
      "For how long a mirror has been up or down; with the state disabled, since it last was either",
      all((mirror) => [[secondsSince(mirror.stateSince, now), { state: stateOf(mirror) }]]),
    ),
    gauge(
      "mirrorbits_mirror_lag_seconds",
      "By how much a mirror is behind the repository, by its last listing",
      each((mirror) => divided(lagOf(mirror, now))),
    ),
    gauge(
      "mirrorbits_mirror_files",
      "Files at the last scan, by how they compare with the repository",
      all(({ scanNumbers, lastSuccessfulSync }) => {
        const numbers = validNumbers(scanNumbers, lastSuccessfulSync);
        if (numbers === null) return [];
        return (["current", "older", "size", "newer", "missing", "foreign"] as const)
          .map((state): LabelledValue => [numbers[state], { state }]);
      }),
    ),
    gauge(
      "mirrorbits_mirror_last_scan_timestamp_seconds",
      "When a mirror was last scanned with success",
      each(({ lastSuccessfulSync }) => divided(lastSuccessfulSync)),
    ),
    gauge(
      "mirrorbits_mirror_scan_seconds",
      "How long the last scan by this node took",
      each(({ id }) => work.of(id)?.scanSeconds ?? null),
    ),
    counter(
      "mirrorbits_mirror_scan_failures_total",
      "Scans by this node that failed",
      each(({ id }) => work.of(id)?.scanFailures ?? null),
    ),
    gauge(
      "mirrorbits_mirror_check_seconds",
      "How long the last health check by this node took",
      each(({ id }) => work.of(id)?.checkSeconds ?? null),
    ),
    gauge(
      "mirrorbits_mirror_certificate_end_timestamp_seconds",
      "When the certificate of a mirror ends",
      each(({ certificate }) => divided(certificate?.ends ?? null)),
    ),
    gauge(
      "mirrorbits_mirror_quota_ratio",
      "Which part of MaxDay or MaxMonth was redirected to a mirror, over all nodes",
      all(({ id }) => {
        const { day = null, month = null } = ratios.get(id) ?? {};
        return [[day, { of: "day" }], [month, { of: "month" }]];
      }),
    ),
  ];
}

/** Codes have two letters, unless somebody else wrote into the store. */
function codeOf(code: string = ""): string {
  return /^[A-Z]{2}$/.test(code) ? code : "";
}

function stateOf({ enabled, unchecked, httpUp, httpsUp }: MirrorRecord): string {
  if (!enabled) return "disabled";
  return unchecked || httpUp || httpsUp ? "up" : "down";
}

function upOf(mirror: MirrorRecord, now: number, checkInterval: number): LabelledValue[] {
  const { enabled, unchecked, httpUrl, httpUp, httpsUp, families } = mirror;
  const flag = (up: boolean): number => enabled && (up || unchecked) ? 1 : 0;
  const values: LabelledValue[] = [];
  if (!/^https:/i.test(httpUrl)) values.push([flag(httpUp), { scheme: "http", family: "any" }]);
  if (!/^http:/i.test(httpUrl)) values.push([flag(httpsUp), { scheme: "https", family: "any" }]);
  const states = validFamilies(families, now, checkInterval);
  for (const family of ["ipv4", "ipv6"] as const) {
    const state = states?.[family].state;
    if (state !== "up" && state !== "down") continue;
    values.push([flag(state === "up"), { scheme: "any", family }]);
  }
  return values;
}

function secondsSince(time: number | null, now: number): number | null {
  return time === null ? null : Math.max(0, now - time) / 1000;
}

function divided(milliseconds: number | null): number | null {
  return milliseconds === null ? null : milliseconds / 1000;
}
