import { type DownCause, publicCause, validCause } from "../../catalog/down_cause.ts";
import type { MirrorRecord, ScanProtocol } from "../../catalog/mirror_state.ts";
import { withoutCredentials } from "../../catalog/mirror_url.ts";
import { rfc3339 } from "./rfc3339.ts";
import { shortFloat } from "./short_float.ts";

/** The properties of a mirror in JSON answers, cut where those of the request belong. */
export interface PublicMirror {
  /** `{"ID":1,…`, without the closing brace. */
  readonly head: string;
  /** `"LastSync":…`, without braces. */
  readonly tail: string;
}

const prepared = new WeakMap<MirrorRecord, PublicMirror>();

/**
 * Writes what the public may know of a mirror: no passwords, and of the administrator and the
 * comment only the keys. It is written once for each state of a mirror.
 *
 * @param record the mirror
 * @returns JSON in two parts, in the order of keys that clients have always got
 */
export function publicMirror(record: MirrorRecord): PublicMirror {
  let mirror = prepared.get(record);
  if (mirror === undefined) {
    mirror = { head: withoutLast(headOf(record)), tail: withoutLast(tailOf(record)).slice(1) };
    prepared.set(record, mirror);
  }
  return mirror;
}

function withoutLast(object: Readonly<Record<string, unknown>>): string {
  return JSON.stringify(object).slice(0, -1);
}

function headOf(record: MirrorRecord): Record<string, unknown> {
  return {
    ID: record.id,
    Name: record.name,
    HttpURL: record.httpUrl,
    RsyncURL: withoutCredentials(record.rsyncUrl),
    FtpURL: withoutCredentials(record.ftpUrl),
    SponsorName: record.sponsorName,
    SponsorURL: record.sponsorUrl,
    SponsorLogoURL: record.sponsorLogoUrl,
    AdminName: "",
    AdminEmail: "",
    CustomData: record.customData,
    ContinentOnly: record.continentOnly,
    CountryOnly: record.countryOnly,
    ASOnly: record.asOnly,
    Score: record.score,
    Latitude: shortFloat(record.latitude),
    Longitude: shortFloat(record.longitude),
    ContinentCode: record.continentCode,
    CountryCodes: record.countryCodes.join(" "),
    ExcludedCountryCodes: record.excludedCountryCodes.join(" "),
    Asnum: record.asNumber,
    Comment: "",
    Enabled: record.enabled,
    // An undefined property is left out.
    HttpDownReason: record.httpDownReason || undefined,
    HttpDownCause: causeText(record.httpDownCause, record.httpDownReason, record),
    HttpsDownReason: record.httpsDownReason || undefined,
    HttpsDownCause: causeText(record.httpsDownCause, record.httpsDownReason, record),
    StateSince: wholeSeconds(record.stateSince),
    AllowRedirects: record.allowRedirects === null ? undefined : record.allowRedirects ? 1 : 2,
  };
}

/** As the original counts them; it does not know the last one. */
const PROTOCOLS: readonly ScanProtocol[] = ["rsync", "ftp", "http"];

/** What lies behind a reason, in words for anybody; nothing where the reason says it all. */
function causeText(
  cause: DownCause | null,
  reason: string,
  { stateSince }: MirrorRecord,
): string | undefined {
  const valid = validCause(cause, reason, stateSince);
  const text = valid === null ? "" : publicCause(valid);
  return text === "" || text === reason ? undefined : text;
}

function tailOf(record: MirrorRecord): Record<string, unknown> {
  return {
    LastSync: wholeSeconds(record.lastSync),
    LastSuccessfulSync: wholeSeconds(record.lastSuccessfulSync),
    LastSuccessfulSyncProtocol: PROTOCOLS.indexOf(record.lastSuccessfulSyncProtocol),
    LastSuccessfulSyncPrecision: record.lastSuccessfulSyncPrecision * 1e6,
    LastModTime: wholeSeconds(record.lastModTime),
  };
}

function wholeSeconds(time: number | null): string {
  return rfc3339(time === null ? null : Math.floor(time / 1000) * 1000);
}
