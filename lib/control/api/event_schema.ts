import * as v from "valibot";
import {
  COUNT,
  FLAG,
  ID,
  type Json,
  MILLISECONDS,
  PROTOCOL,
  TEXT,
  TIME,
  TIME_OR_NEVER,
} from "./parts.ts";
import { SCAN_COUNTS_ENTRY } from "./state_entries.ts";

const COMMON = {
  mirrorId: ID,
  time: TIME,
  by: v.pipe(
    v.exactOptional(TEXT),
    v.description("Who did it: a name, else an address; absent: nobody knows, or nobody did"),
  ),
};

/** One entry of a mirror's event log. */
export const EVENT = v.variant("type", [
  v.object({ type: v.literal("added"), ...COMMON }),
  v.object({ type: v.literal("edited"), ...COMMON }),
  v.object({ type: v.literal("enabled"), ...COMMON }),
  v.object({ type: v.literal("disabled"), ...COMMON }),
  v.object({ type: v.literal("error"), ...COMMON, message: TEXT }),
  v.object({
    type: v.literal("state"),
    ...COMMON,
    protocol: v.picklist(["http", "https"]),
    up: FLAG,
    reason: TEXT,
    cause: v.exactOptional(
      v.object({
        kind: v.picklist(["dns", "connect", "tls", "answer", "status"]),
        text: TEXT,
        address: TEXT,
        milliseconds: COUNT,
      }),
    ),
  }),
  v.object({ type: v.literal("copy_forgotten"), ...COMMON, path: TEXT, why: TEXT }),
  v.object({
    type: v.literal("quota"),
    ...COMMON,
    of: v.picklist(["day", "month"]),
    percent: COUNT,
    limit: COUNT,
  }),
  v.object({ type: v.literal("certificate"), ...COMMON, ends: TIME, days: COUNT }),
  v.object({
    type: v.literal("downtime"),
    ...COMMON,
    step: v.picklist(["planned", "began", "cancelled", "prolonged", "ended"]),
    from: TIME,
    until: TIME_OR_NEVER,
    reason: TEXT,
  }),
  v.object({ type: v.literal("note"), ...COMMON, text: TEXT }),
  v.object({ type: v.literal("scan_started"), ...COMMON, protocol: PROTOCOL }),
  v.object({
    type: v.literal("scan_completed"),
    ...COMMON,
    indexed: COUNT,
    known: COUNT,
    removed: COUNT,
    numbers: v.exactOptional(SCAN_COUNTS_ENTRY),
    timeZoneOffset: MILLISECONDS,
  }),
]);

/** Answer of `GET /mirrors/{id}/events`. */
export const EVENT_LIST = v.object({ events: v.array(EVENT) });

/** What is known of the events of all mirrors. */
export const NEWER_EVENTS_REQUEST = v.looseObject({
  known: v.pipe(
    v.record(v.string(), TEXT),
    v.description("ID of a mirror → tag that came with its events; others are told anew"),
  ),
  limit: v.pipe(v.optional(COUNT, 50), v.description("Events of a mirror at most; default: 50")),
});

/** The events of the mirrors that have others than were known. */
export const NEWER_EVENTS_LIST = v.object({
  mirrors: v.array(v.object({
    id: ID,
    name: TEXT,
    tag: v.pipe(TEXT, v.description("Stands for these events, for the next time")),
    events: v.pipe(v.array(EVENT), v.description("The newest, oldest first")),
  })),
});

/** The events of a mirror, when they are others than were known. */
export type NewerEventsJson = Json<typeof NEWER_EVENTS_LIST>["mirrors"][number];
/** One entry of a mirror's event log; the time is ISO 8601 in UTC. */
export type EventJson = Json<typeof EVENT>;
