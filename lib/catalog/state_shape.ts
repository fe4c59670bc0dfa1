import { isTime } from "./is_time.ts";
import { shownText } from "./text_limits.ts";

/** Which values a part of a mirror's state can have, for stores and programs. */
export type StateShape =
  & (
    | { readonly type: "flag" }
    | { readonly type: "text" }
    /** A whole number; what it counts is said for programs. `least`: what it is at least. */
    | { readonly type: "integer"; readonly unit?: string; readonly least?: number }
    /** Milliseconds since the epoch here and in stores, ISO 8601 in JSON. */
    | { readonly type: "time" }
    | { readonly type: "choice"; readonly words: readonly string[] }
    | { readonly type: "record"; readonly entries: Readonly<Record<string, StateShape>> }
  )
  & { readonly nullable?: boolean };

/**
 * Judges what a store holds, which another version of the program may have written. What a record has
 * more than we know is left out, and a text is cut that is too long to show.
 *
 * @returns `undefined` for what is no value of that shape
 */
export function readShape(shape: StateShape, value: unknown): unknown {
  if (value === null) return shape.nullable ? null : undefined;
  switch (shape.type) {
    case "flag":
      return typeof value === "boolean" ? value : undefined;
    case "text":
      return typeof value === "string" ? shownText(value) : undefined;
    case "integer":
      return Number.isSafeInteger(value) && Number(value) >= (shape.least ?? -Infinity)
        ? value
        : undefined;
    case "time":
      return isTime(value) ? value : undefined;
    case "choice":
      return shape.words.find((word) => word === value);
    case "record": {
      if (typeof value !== "object" || Array.isArray(value)) return undefined;
      const known: Record<string, unknown> = {};
      for (const [name, entry] of Object.entries(shape.entries)) {
        const part = readShape(entry, (value as Record<string, unknown>)[name]);
        if (part === undefined) return undefined;
        known[name] = part;
      }
      return known;
    }
  }
}

/** A value of that shape for JSON. */
export function shapeToJson(shape: StateShape, value: unknown): unknown {
  if (value === null) return null;
  if (shape.type === "time") return new Date(Number(value)).toISOString();
  if (shape.type !== "record") return value;
  return Object.fromEntries(
    Object.entries(shape.entries).map((
      [name, entry],
    ) => [name, shapeToJson(entry, (value as Record<string, unknown>)[name])]),
  );
}
