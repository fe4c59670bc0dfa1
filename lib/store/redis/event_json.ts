import type {
  MirrorEvent,
  MirrorEventDetail,
  NewerEventDetail,
} from "../../catalog/mirror_event.ts";
import type { ScanCounts } from "../../catalog/scan_numbers.ts";
import { NEWER_EVENTS } from "../../catalog/newer_events.ts";
import { SCAN_COUNTS } from "../../catalog/mirror_state_fields.ts";
import { readShape } from "../../catalog/state_shape.ts";
import { formatJsonTime, parseJsonTime } from "./go_time.ts";
import { SCAN_PROTOCOLS } from "./scan_protocols.ts";

/** Names and numbers as the original writes them. */
type Fields = Readonly<Record<string, unknown>>;

/** Writes an event as the original does: one JSON object with `Type`, `MirrorID`, `Timestamp`, details. */
export function formatEvent(event: MirrorEvent): string {
  const { Type, ...details } = detailFields(event);
  return JSON.stringify({
    Type,
    MirrorID: event.mirrorId,
    Timestamp: formatJsonTime(event.time),
    ...details,
    // What the original knows nothing of it skips.
    By: event.by,
  });
}

/**
 * Reads an event, whoever wrote it.
 *
 * @returns `null` for what is no event, or of a kind not known here
 */
export function parseEvent(mirrorId: number, text: string): MirrorEvent | null {
  let fields: Fields;
  try {
    fields = JSON.parse(text);
  } catch {
    return null;
  }
  if (typeof fields !== "object" || fields === null) return null;
  const time = parseJsonTime(fields.Timestamp);
  const detail = parseDetail(fields);
  if (time === null || detail === null) return null;
  const by = typeof fields.By === "string" ? fields.By : "";
  return { ...detail, mirrorId, time, ...(by === "" ? {} : { by }) };
}

function detailFields(event: MirrorEventDetail): Fields {
  if (isNewer(event)) {
    const { number, entries } = NEWER_EVENTS[event.type];
    const values = event as unknown as Fields;
    const details = Object.keys(entries).map((name) => [name, values[name]]);
    return { Type: number, ...Object.fromEntries(details) };
  }
  switch (event.type) {
    case "error":
      return { Type: 1, Err: event.message };
    case "added":
      return { Type: 2 };
    case "edited":
      return { Type: 3 };
    case "enabled":
      return { Type: 4 };
    case "disabled":
      return { Type: 5 };
    case "state": {
      const Proto = event.protocol === "https" ? 2 : 1;
      return { Type: 6, Proto, Up: event.up, Reason: event.reason, Cause: event.cause };
    }
    case "scan_started":
      return { Type: 7, Typ: SCAN_PROTOCOLS.indexOf(event.protocol) };
    case "scan_completed":
      return {
        Type: 8,
        FilesIndexed: event.indexed,
        KnownIndexed: event.known,
        Removed: event.removed,
        TZOffset: event.timeZoneOffset,
        Numbers: event.numbers,
      };
  }
}

function parseDetail(fields: Fields): MirrorEventDetail | null {
  switch (fields.Type) {
    case 1:
      return { type: "error", message: text(fields.Err) };
    case 2:
      return { type: "added" };
    case 3:
      return { type: "edited" };
    case 4:
      return { type: "enabled" };
    case 5:
      return { type: "disabled" };
    case 6: {
      const protocol = fields.Proto === 2 ? "https" : "http";
      const cause = causeOf(fields.Cause);
      return {
        ...{ type: "state", protocol, up: fields.Up === true, reason: text(fields.Reason) },
        ...(cause === null ? {} : { cause }),
      };
    }
    case 7:
      return { type: "scan_started", protocol: SCAN_PROTOCOLS[Number(fields.Typ)] ?? "rsync" };
    case 8: {
      const numbers = readShape(SCAN_COUNTS, fields.Numbers ?? null);
      return {
        type: "scan_completed",
        indexed: count(fields.FilesIndexed),
        known: count(fields.KnownIndexed),
        removed: count(fields.Removed),
        timeZoneOffset: whole(fields.TZOffset),
        ...(numbers === undefined ? {} : { numbers: numbers as ScanCounts }),
      };
    }
    default:
      return newerDetail(fields);
  }
}

function isNewer(event: MirrorEventDetail): event is NewerEventDetail {
  return Object.hasOwn(NEWER_EVENTS, event.type);
}

function newerDetail(fields: Fields): MirrorEventDetail | null {
  const found = Object.entries(NEWER_EVENTS).find(([, { number }]) => number === fields.Type);
  if (found === undefined) return null;
  const [type, { entries }] = found;
  const details = readShape({ type: "record", entries }, fields);
  return details === undefined ? null : { type, ...details as object } as NewerEventDetail;
}

type Cause = NonNullable<Extract<MirrorEventDetail, { type: "state" }>["cause"]>;

const KINDS: readonly Cause["kind"][] = ["dns", "connect", "tls", "answer", "status"];

function causeOf(value: unknown): Cause | null {
  if (typeof value !== "object" || value === null) return null;
  const fields = value as Fields;
  const kind = KINDS.find((one) => one === fields.kind);
  if (kind === undefined) return null;
  const { address, milliseconds } = fields;
  return {
    kind,
    text: text(fields.text),
    address: text(address),
    milliseconds: count(milliseconds),
  };
}

function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}

function count(value: unknown): number {
  return Math.max(0, whole(value));
}

function whole(value: unknown): number {
  return Number.isSafeInteger(value) ? Number(value) : 0;
}
