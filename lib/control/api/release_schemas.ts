import * as v from "valibot";
import { COUNT, FLAG, type Json, MILLISECONDS, TEXT, TIME } from "./parts.ts";

const PATH = v.pipe(TEXT, v.description("Path in the repository, with a leading slash"));

const PERCENT = v.pipe(v.number(), v.minValue(0), v.maxValue(100));

const NETWORK = v.pipe(TEXT, v.description("An address, or a network in CIDR notation"));

/** A path that is as if it were not there, with all that is below it. */
export const HOLD = v.object({
  path: PATH,
  networks: v.pipe(v.array(NETWORK), v.description("Whose clients get it all the same")),
  since: TIME,
});

/** See {@linkcode HOLD}. */
export type HoldJson = Json<typeof HOLD>;

/** What is held. */
export const HOLDS = v.object({ holds: v.array(HOLD) });

/** Names what is to be held. */
export const HOLD_REQUEST = v.object({
  path: PATH,
  networks: v.pipe(
    v.optional(v.array(NETWORK), []),
    v.description("Whose clients get it all the same; default: nobody's"),
  ),
});

/** What came of a release. */
export const RELEASED = v.object({
  released: v.pipe(FLAG, v.description("Whether it was held")),
});

/** How far something has reached the mirrors that are to have it. */
export const ROLLOUT = v.object({
  path: PATH,
  percent: v.pipe(PERCENT, v.description("Of the mirrors")),
  have: v.pipe(COUNT, v.description("How many mirrors have it")),
  traffic: v.pipe(
    v.nullable(PERCENT),
    v.description("Of the downloads of this month and the last, those from mirrors that have it"),
  ),
  continents: v.array(v.object({ code: TEXT, mirrors: COUNT, have: COUNT })),
  mirrors: v.pipe(
    v.array(v.object({
      id: COUNT,
      name: TEXT,
      has: FLAG,
      took: v.pipe(v.nullable(MILLISECONDS), v.description("From when the source had it")),
    })),
    v.description("Those that lack it first, then those that took longest"),
  ),
  curve: v.pipe(
    v.array(v.object({ time: TIME, have: COUNT })),
    v.description("How many had it from when on; empty: nobody watched"),
  ),
});

/** See {@linkcode ROLLOUT}. */
export type RolloutJson = Json<typeof ROLLOUT>;
