import { causeInFull } from "./down_cause.ts";
import { minuteText } from "./downtime.ts";
import { goDuration } from "./go_duration.ts";
import { formatQuantity } from "./quantity.ts";
import type { MirrorEventDetail } from "./mirror_event.ts";
import type { ScanCounts } from "./scan_numbers.ts";

/** An event, perhaps from another version that knows more reasons. */
type ToldEvent =
  | MirrorEventDetail
  | {
    readonly type: "downtime";
    readonly step: string;
    readonly from: number | string;
    readonly until: number | string | null;
    readonly reason: string;
  }
  | { readonly type: "copy_forgotten"; readonly path: string; readonly why: string }
  /** The day in milliseconds since the epoch, or as JSON has it. */
  | { readonly type: "certificate"; readonly ends: number | string; readonly days: number };

/** Tells an event of a mirror in a sentence, in the original's words. */
export function eventText(event: ToldEvent & { readonly time: number | string }): string {
  switch (event.type) {
    case "error":
      return `Error: ${event.message}`;
    case "added":
      return "Mirror added";
    case "edited":
      return "Mirror edited";
    case "enabled":
      return "Mirror enabled";
    case "disabled":
      return "Mirror disabled";
    case "state": {
      const mirror = `${event.protocol.toUpperCase()} mirror`;
      if (event.up) return `${mirror} is up`;
      const reason = causeInFull(event.reason, event.cause ?? null);
      return reason === "" ? `${mirror} is down` : `${mirror} is down: ${reason}`;
    }
    case "note":
      return `Note: ${event.text}`;
    case "downtime":
      return downtimeEventText(event);
    case "certificate": {
      const ends = new Date(event.ends);
      const day = ends.toISOString().slice(0, 10);
      if (ends <= new Date(event.time)) return `The certificate ended on ${day}`;
      return `The certificate ends in ${event.days} ${
        event.days === 1 ? "day" : "days"
      }, on ${day}`;
    }
    case "quota": {
      const quota = `${event.of === "day" ? "MaxDay" : "MaxMonth"} of ${
        formatQuantity(event.limit, "bytes")
      }`;
      return event.percent >= 100 ? `${quota} is used up` : `${event.percent} % of ${quota} used`;
    }
    case "copy_forgotten":
      return event.why === "missing"
        ? `File not found ${event.path}: forgotten until the next scan`
        : `File size mismatch ${event.path}: forgotten until the next scan`;
    case "scan_started":
      return `${event.protocol.toUpperCase()} scan started`;
    case "scan_completed": {
      const { indexed, known, removed, timeZoneOffset } = event;
      const offset = timeZoneOffset === 0
        ? ""
        : ` (corrected timezone offset: ${goDuration(timeZoneOffset)})`;
      // Of a mirror that has nothing but current files the original's words say all.
      const counts = event.numbers && !isCurrent(event.numbers) ? countsText(event.numbers) : null;
      const files = `${indexed} files (${known} known), ${removed} removed`;
      return `Scan completed: ${files}${counts === null ? "" : `: ${counts}`}${offset}`;
    }
  }
}

/** `Downtime planned from 2026-12-01 02:00 UTC until 2026-12-01 04:00 UTC: new disks`. */
function downtimeEventText(
  { step, from, until, reason }: Extract<ToldEvent, { readonly type: "downtime" }>,
): string {
  const end = until === null ? "" : ` until ${minuteText(until)}`;
  const why = reason === "" ? "" : `: ${reason}`;
  switch (step) {
    case "planned":
      return `Downtime planned from ${minuteText(from)}${end}${why}`;
    case "began":
      return `Downtime begins${end}${why}`;
    case "prolonged":
      return "Downtime goes on: the mirror cannot be scanned yet";
    default:
      return step === "ended" ? "Downtime ended" : "Downtime cancelled";
  }
}

/** Whether a mirror has what it should, and nothing else. */
function isCurrent(counts: ScanCounts): boolean {
  return OTHERS.every(([name]) => counts[name] === 0);
}

/** What files may be besides current, and in which words. */
const OTHERS = [
  ["older", "older"],
  ["size", "of another size"],
  ["newer", "newer"],
  ["missing", "missing"],
  ["foreign", "foreign"],
] as const;

/** `43 current, 30 older`: what there is of each kind. */
function countsText(counts: ScanCounts): string {
  const told = OTHERS.filter(([name]) => counts[name] > 0);
  return [`${counts.current} current`, ...told.map(([name, word]) => `${counts[name]} ${word}`)]
    .join(", ");
}
