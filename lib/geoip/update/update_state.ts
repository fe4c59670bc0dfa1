import * as v from "valibot";

const TIME = v.pipe(v.number(), v.integer(), v.minValue(0));

const FETCHED = v.object({
  url: v.string(),
  lastModified: v.nullable(v.string()),
  fetchedAt: TIME,
});

const STATE = v.object({
  source: v.string(),
  checkedAt: v.nullable(TIME),
  failures: v.pipe(v.number(), v.integer(), v.minValue(0)),
  failure: v.nullable(v.string()),
  place: v.nullable(FETCHED),
  network: v.nullable(FETCHED),
});

/** What is known of a database that was fetched: its URL without secrets, and what was told with it. */
export type FetchedDatabase = Readonly<v.InferOutput<typeof FETCHED>>;

/**
 * What is remembered between two times that databases are looked for, beside them: from where they are
 * (for people), when that was last tried (milliseconds since the epoch), how often it failed since it
 * succeeded, and why.
 */
export type UpdateState = Readonly<v.InferOutput<typeof STATE>>;

/** Nothing was ever looked for. */
export const NO_UPDATES: UpdateState = {
  source: "",
  checkedAt: null,
  failures: 0,
  failure: null,
  place: null,
  network: null,
};

/** Reads what was written before; what is no such thing counts as nothing. */
export function parseUpdateState(text: string): UpdateState {
  try {
    const parsed = v.safeParse(STATE, JSON.parse(text));
    return parsed.success ? parsed.output : NO_UPDATES;
  } catch {
    return NO_UPDATES;
  }
}
