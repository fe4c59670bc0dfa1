import * as v from "valibot";

/** The JSON that a schema describes, which nobody changes. */
export type Json<S extends v.GenericSchema> = Unchanging<v.InferOutput<S>>;

type Unchanging<T> = T extends object ? { readonly [P in keyof T]: Unchanging<T[P]> } : T;

/** Any text. Messages of schemas complete "… must be". */
export const TEXT = v.string("a text");
/** Any number of texts. */
export const TEXTS = v.array(TEXT, "a list of texts");
/** True or false. */
export const FLAG = v.boolean("true or false");
/** A whole number that is not below 0. */
export const COUNT = v.pipe(
  v.number("a whole number"),
  v.integer("a whole number"),
  v.minValue(0, "a whole number"),
);
/** The same, or `null`: nobody knows. */
export const COUNT_OR_UNKNOWN = v.nullable(COUNT);
/** The ID of something that is stored. */
export const ID = v.pipe(
  v.number("a whole number above 0"),
  v.integer("a whole number above 0"),
  v.minValue(1, "a whole number above 0"),
);
/** A day in UTC; `2026-11-22`. */
export const DAY = v.pipe(TEXT, v.metadata({ format: "date" }));
/** A time in UTC (ISO 8601); `null`: never. */
export const TIME_OR_NEVER = v.nullable(v.pipe(TEXT, v.metadata({ format: "date-time" })));
/** A time in UTC (ISO 8601). */
export const TIME = v.pipe(TEXT, v.metadata({ format: "date-time" }));
/** A span of time, perhaps below 0. */
export const MILLISECONDS = v.pipe(v.number(), v.integer(), v.description("Milliseconds"));
/** What mirrors are scanned by. */
export const PROTOCOL = v.picklist(["rsync", "ftp", "http"], "rsync, ftp, http or null");
