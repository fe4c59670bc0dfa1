import * as v from "valibot";
import { COUNT, COUNT_OR_UNKNOWN, FLAG, type Json, MILLISECONDS, TEXT, TIME } from "./parts.ts";

const SET_MIRROR = v.object({
  id: v.pipe(COUNT, v.description("ID of the mirror")),
  name: TEXT,
  state: v.pipe(
    v.picklist(["whole", "behind", "syncing", "unsteady"]),
    v.description(
      "whole: at the floor or newer; behind: whole, but older; syncing: its files are of different " +
        "revisions, or nobody knows; unsteady: its revision goes back and forth",
    ),
  ),
  revision: v.pipe(COUNT_OR_UNKNOWN, v.description("At which everything fits together")),
  age: v.pipe(MILLISECONDS, v.description("By how much that is older than the present one")),
});

/** The metadata sets, with what mirrors have of them. */
export const SET_LIST = v.object({
  sets: v.array(v.object({
    root: v.pipe(TEXT, v.description("Path of the file whose content is the revision")),
    below: v.pipe(TEXT, v.description("What belongs to it")),
    present: v.pipe(COUNT, v.description("Number of the present revision")),
    since: TIME,
    floor: v.pipe(COUNT, v.description("The oldest revision that is served")),
    floorAge: v.pipe(MILLISECONDS, v.description("By how much that is older than the present one")),
    aside: v.pipe(
      v.optional(FLAG),
      v.description(
        "Whether the source changes all the time, so that mirrors that do, too, serve last; older " +
          "daemons tell nothing",
      ),
    ),
    required: v.pipe(
      v.nullable(TIME),
      v.description("Until when only the present revision counts"),
    ),
    mirrors: v.array(SET_MIRROR),
  })),
});

/** See {@linkcode SET_LIST}. */
export type SetListJson = Json<typeof SET_LIST>;

/** Names a set of which only the present revision counts for a while. */
export const REQUIRE_REQUEST = v.object({
  path: v.pipe(TEXT, v.description("Any path of the set")),
  minutes: v.pipe(v.optional(COUNT, 120), v.description("For how long; 0: no longer")),
});

/** What was required. */
export const REQUIRED = v.object({
  root: v.pipe(TEXT, v.description("Of the set")),
  revision: v.pipe(COUNT, v.description("Number of the present revision")),
});

/** See {@linkcode REQUIRED}. */
export type RequiredJson = Json<typeof REQUIRED>;
