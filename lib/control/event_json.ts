import type { MirrorEvent, NewerEventDetail } from "../catalog/mirror_event.ts";
import { NEWER_EVENTS } from "../catalog/newer_events.ts";
import { shapeToJson } from "../catalog/state_shape.ts";
import type { EventJson } from "./api/event_schema.ts";

/** Turns an event into what the control API shows: times are ISO 8601 in UTC. */
export function eventToJson({ time, ...event }: MirrorEvent): EventJson {
  const when = { time: new Date(time).toISOString() };
  if (!Object.hasOwn(NEWER_EVENTS, event.type)) return { ...event, ...when } as EventJson;
  const { type } = event as NewerEventDetail;
  const { entries } = NEWER_EVENTS[type];
  const details = shapeToJson({ type: "record", entries }, event) as object;
  const by = event.by === undefined ? {} : { by: event.by };
  return { type, mirrorId: event.mirrorId, ...when, ...by, ...details } as EventJson;
}
