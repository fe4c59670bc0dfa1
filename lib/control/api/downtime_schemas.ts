import * as v from "valibot";
import { type Json, TEXT } from "./parts.ts";

/** A moment; ISO 8601 with seconds or without, and a zone. */
const MOMENT = v.pipe(
  TEXT,
  v.regex(
    /^\d{4}-(0\d|1[012])-([012]\d|3[01])T([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d{1,3})?)?(Z|[+-]([01]\d|2[0-3]):[0-5]\d)$/,
    "a time such as 2026-12-01T02:00Z",
  ),
  v.metadata({ format: "date-time" }),
);

/** A reason, or a line for the log. */
const WORDS = v.pipe(TEXT, v.maxLength(1000, "at most 1000 characters long"));

/** Body of `POST /mirrors/{id}/disable`; an empty one: disable it now, and nothing else. */
export const DISABLE_REQUEST = v.looseObject({
  from: v.pipe(v.exactOptional(MOMENT), v.description("When the downtime begins; default: now")),
  until: v.pipe(
    v.exactOptional(MOMENT),
    v.description("When it ends; default: when the mirror is enabled"),
  ),
  reason: v.pipe(v.exactOptional(WORDS), v.description("Why; never public")),
});

/** Body of `POST /mirrors/{id}/notes`. */
export const NOTE_REQUEST = v.looseObject({
  text: v.pipe(
    WORDS,
    v.minLength(1, "a text that is not empty"),
    v.description("A line for the log"),
  ),
});

/** When a mirror is to be off. */
export type DisableRequest = Json<typeof DISABLE_REQUEST>;
