import type { NewerEventDetail } from "./mirror_event.ts";
import type { StateShape } from "./state_shape.ts";

/** How a kind of event that the original does not know is stored and shown. */
export interface NewerEvent {
  /** Its number in Redis, from 100 on. */
  readonly number: number;
  /** Its properties beside `type`, named alike everywhere. */
  readonly entries: Readonly<Record<string, StateShape>>;
}

const TEXT: StateShape = { type: "text" };

/**
 * The kinds of events that the original does not know. A member of {@linkcode NewerEventDetail} and a row
 * here, and it is in both stores, in `store copy` and in the control API.
 */
export const NEWER_EVENTS: Readonly<Record<NewerEventDetail["type"], NewerEvent>> = {
  certificate: { number: 102, entries: { ends: { type: "time" }, days: { type: "integer" } } },
  quota: {
    number: 103,
    entries: {
      of: { type: "choice", words: ["day", "month"] },
      percent: { type: "integer" },
      limit: { type: "integer" },
    },
  },
  downtime: {
    number: 105,
    entries: {
      step: { type: "choice", words: ["planned", "began", "cancelled", "prolonged", "ended"] },
      from: { type: "time" },
      until: { type: "time", nullable: true },
      reason: TEXT,
    },
  },
  note: { number: 104, entries: { text: TEXT } },
  copy_forgotten: {
    number: 101,
    entries: { path: TEXT, why: { type: "choice", words: ["missing", "size"] } },
  },
};
