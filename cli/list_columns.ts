import { causeInFull, withCause } from "../lib/catalog/down_cause.ts";
import { minuteText } from "../lib/catalog/downtime.ts";
import { shownText } from "../lib/catalog/text_limits.ts";
import type { MirrorJson } from "../lib/control/api/mirror_schemas.ts";
import { filesText, lagOfMirror, lagText, scannedText } from "./mirror_freshness.ts";
import { formatDate, formatSpan } from "./terminal/format_time.ts";
import type { Colour } from "./terminal/output.ts";

/** A column of a list of mirrors. */
export interface ListColumn {
  readonly head: string;
  readonly cell: (mirror: MirrorJson) => string;
  /** What a cell looks like on a terminal; default: like all else. */
  readonly colour?: (mirror: MirrorJson) => Colour | null;
  /** What it must be left with where there is little room; absent: all. */
  readonly least?: number;
}

/** Which columns a list has, and for whom. */
export interface ListColumnOptions {
  /** Options of the command that ask for columns. */
  readonly flags: Readonly<
    Record<
      | "fresh"
      | "ftp"
      | "http"
      | "ip"
      | "location"
      | "rsync"
      | "score"
      | "stale"
      | "state"
      | "tls",
      boolean
    >
  >;
  /** Whether somebody looks at a terminal; else a program may read it, and nothing ever changes. */
  readonly people: boolean;
  /** Milliseconds of lag above which a mirror is stale. */
  readonly staleAfter: number;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

type DownWording = typeof causeInFull;

/** Milliseconds of lag above which a mirror is out of date, as on the page of statistics. */
const OUTDATED = 720 * 3_600_000;

/** The columns of a list of mirrors. */
export function listColumns(
  mirrors: readonly MirrorJson[],
  { flags, people, staleAfter, now }: ListColumnOptions,
): readonly ListColumn[] {
  const columns: ListColumn[] = [{ head: "Identifier", cell: ({ name }) => name, least: 12 }];
  if (flags.score) columns.push({ head: "SCORE", cell: ({ score }) => `${score}` });
  if (flags.http) columns.push({ head: "HTTP", cell: ({ httpUrl }) => httpUrl, least: 12 });
  if (flags.rsync) columns.push({ head: "RSYNC", cell: ({ rsyncUrl }) => rsyncUrl, least: 12 });
  if (flags.ftp) columns.push({ head: "FTP", cell: ({ ftpUrl }) => ftpUrl, least: 12 });
  if (flags.location) columns.push({ head: "LOCATION", cell: locationText });
  if (flags.tls) {
    columns.push({ head: "CERTIFICATE", cell: (mirror) => certificateText(mirror, now) });
  }
  if (flags.ip) {
    for (const [head, family] of [["IPV4", "ipv4"], ["IPV6", "ipv6"]] as const) {
      const of = (mirror: MirrorJson): FamilyJson | undefined => mirror.families?.[family];
      const cell = (mirror: MirrorJson): string => familyText(of(mirror), people);
      const colour = (mirror: MirrorJson): Colour | null =>
        FAMILY_COLOURS[of(mirror)?.state ?? "unknown"];
      columns.push({ head, cell, colour });
    }
  }
  if (flags.fresh || flags.stale) {
    const colour = (mirror: MirrorJson): Colour | null => {
      const lag = lagOfMirror(mirror, now) ?? 0;
      return lag > OUTDATED ? "bad" : lag > staleAfter ? "warn" : null;
    };
    columns.push({ head: "FILES", cell: filesText });
    columns.push({ head: "LAG", cell: (mirror) => lagText(mirror, now), colour });
    columns.push({ head: "SCANNED", cell: (mirror) => scannedText(mirror, now) });
  }
  if (!flags.state) return columns;
  const since = ({ stateSince }: MirrorJson): string =>
    people
      ? stateSince === null ? "" : formatSpan(Math.max(0, now - Date.parse(stateSince)))
      : `(${formatDate(stateSince)})`;
  columns.push({
    head: "STATE",
    cell: (mirror) => people ? stateText(mirror) : mirror.status,
    colour: stateColour,
  });
  columns.push({ head: "SINCE", cell: since });
  const reason = (mirror: MirrorJson): string =>
    shownText(downReason(mirror, people ? causeInFull : withCause));
  if (mirrors.some((mirror) => reason(mirror) !== "")) {
    columns.push({ head: "REASON", cell: reason, least: 12 });
  }
  return columns;
}

type FamilyJson = NonNullable<MirrorJson["families"]>["ipv4"];

const FAMILY_COLOURS: Readonly<Record<FamilyJson["state"], Colour | null>> = {
  up: "good",
  down: "bad",
  none: "dim",
  unknown: null,
};

/** `up`, `none` (its name has no such address), `down`, for people with why; empty: nobody knows. */
function familyText(family: FamilyJson | undefined, people: boolean): string {
  if (family === undefined || family.state === "unknown") return "";
  return family.state === "down" && people ? `down: ${family.text}` : family.state;
}

/** Whether nobody has looked yet how an enabled mirror is. */
function isUnknown({ status, unchecked, stateSince }: MirrorJson): boolean {
  return status !== "disabled" && !unchecked && stateSince === null;
}

function stateText(mirror: MirrorJson): string {
  if (isUnknown(mirror)) return "unknown";
  return mirror.busySince === null || mirror.status === "disabled"
    ? mirror.status
    : `${mirror.status}, busy`;
}

function stateColour(mirror: MirrorJson): Colour {
  if (mirror.status === "disabled") return "dim";
  if (isUnknown(mirror) || mirror.status.includes("/")) return "warn";
  if (mirror.status === "down") return "bad";
  return mirror.busySince === null ? "good" : "warn";
}

function locationText({ countryCodes: [country = ""], continentCode }: MirrorJson): string {
  return country === "" && continentCode === "" ? "" : `${country} (${continentCode})`.trim();
}

/** `2026-12-01 (3 days)`: the last day of the certificate, and how far that is. */
function certificateText({ certificate }: MirrorJson, now: number): string {
  if (certificate === null) return "";
  const left = Date.parse(certificate.ends) - now;
  return `${certificate.ends.slice(0, 10)} (${left < 0 ? "expired" : formatSpan(left)})`;
}

/** `Downtime from 2026-12-01 02:00 UTC until 2026-12-01 04:00 UTC: new disks`; empty: none. */
function plannedText({ downtime }: MirrorJson): string {
  if (downtime === null) return "";
  const { from, until, reason, started } = downtime;
  const begins = started ? "" : ` from ${minuteText(from)}`;
  const ends = until === null ? "" : ` until ${minuteText(until)}`;
  return `Downtime${begins}${ends}${reason === "" ? "" : `: ${reason}`}`;
}

/** Why a mirror is down, on each scheme that it offers; empty when it is up or disabled. */
function downReason(mirror: MirrorJson, word: DownWording): string {
  const { status, httpUp, httpsUp, httpDownReason, httpsDownReason } = mirror;
  const planned = plannedText(mirror);
  if (status === "disabled" || status === "up") return planned;
  const reasons = [
    httpUp ? "" : word(httpDownReason, mirror.httpDownCause),
    httpsUp ? "" : word(httpsDownReason, mirror.httpsDownCause),
  ];
  const why = [...new Set(reasons.filter((reason) => reason !== ""))].join(" / ");
  return [why, planned].filter((text) => text !== "").join("; ");
}
