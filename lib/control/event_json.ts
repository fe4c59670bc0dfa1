import type { MirrorEvent, NewerEventDetail } from "../catalog/mirror_event.ts";
import { NEWER_EVENTS } from "../catalog/newer_events.ts";
import { shapeToJson } from "../catalog/state_shape.ts";
import { shownText } from "../catalog/text_limits.ts";
import type { EventJson } from "./api/event_schema.ts";

/** Turns an event into what the control API shows: times are ISO 8601 in UTC, long texts are cut. */
export function eventToJson({ time, ...event }: MirrorEvent): EventJson {
  const when = { time: new Date(time).toISOString() };
  if (!Object.hasOwn(NEWER_EVENTS, event.type)) {
    return { ...shownTexts(event) as object, ...when } as EventJson;
  }
  const { type } = event as NewerEventDetail;
  const { entries } = NEWER_EVENTS[type];
  const details = shapeToJson({ type: "record", entries }, event) as object;
  const by = event.by === undefined ? {} : { by: event.by };
  const told = shownTexts({ type, mirrorId: event.mirrorId, ...when, ...by, ...details });
  return told as EventJson;
}

/** Cuts what is too long to show, also in what it consists of. */
function shownTexts(value: unknown): unknown {
  if (typeof value === "string") return shownText(value);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, part]) => [name, shownTexts(part)]),
  );
}
