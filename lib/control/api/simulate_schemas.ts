import * as v from "valibot";
import { COUNT, type Json, TEXT } from "./parts.ts";

/** What `POST /simulate` takes: some lines of a download log, and settings that mirrors would have. */
export const SIMULATE_REQUEST = v.looseObject({
  settings: v.pipe(
    v.optional(v.record(TEXT, v.record(TEXT, v.unknown())), {}),
    v.description("Settings that are to be others, by name of the mirror; nothing is stored"),
  ),
  requests: v.pipe(
    v.array(v.tuple([TEXT, TEXT, COUNT])),
    v.maxLength(20_000, "at most 20000 requests"),
    v.description("Address of the client, path of the file, and how often"),
  ),
  seed: v.pipe(v.optional(COUNT, 1), v.description("Seed of the draws; default: 1")),
});

/** Answer of `POST /simulate`. */
export const SIMULATED = v.object({
  mirrors: v.array(v.object({
    name: TEXT,
    requests: v.pipe(COUNT, v.description("How many it would get")),
    country: v.pipe(TEXT, v.description("Its first; empty: not known")),
    continent: TEXT,
  })),
  fallbacks: v.pipe(COUNT, v.description("Requests that no mirror could serve")),
  unknown: v.pipe(
    v.array(COUNT),
    v.description(
      "Which requests, from 0 on, are for files that the index does not have or the client does not get",
    ),
  ),
});

/** What would become of requests. */
export type SimulatedJson = Json<typeof SIMULATED>;
/** Some requests, and settings that mirrors would have. */
export type SimulateRequest = Json<typeof SIMULATE_REQUEST>;
