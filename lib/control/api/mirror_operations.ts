import * as v from "valibot";
import type { Operation } from "./operation.ts";
import { DISABLE_REQUEST, NOTE_REQUEST } from "./downtime_schemas.ts";
import { AS_OF } from "./wire.ts";
import { ADDED_MIRROR, FOUND_LOCATION, MIRROR, MIRROR_LIST } from "./mirror_schemas.ts";
import { FLAG, TEXT } from "./parts.ts";
import { SOME_SETTINGS } from "./setting_entries.ts";

const REMEMBERED = v.pipe(
  v.exactOptional(FLAG),
  v.description("Whether what the daemon remembers will do while the store is away"),
);

/** What can be asked of mirrors, and for what the client needs nothing else. */
export const MIRROR_OPERATIONS = {
  "GET /mirrors": {
    summary: "List mirrors, the newest change of state first",
    query: v.object({
      enabled: v.pipe(
        v.exactOptional(FLAG),
        v.description("Only enabled, or only disabled mirrors"),
      ),
      down: v.pipe(v.exactOptional(FLAG), v.description("Only enabled mirrors that are not up")),
      remembered: REMEMBERED,
    }),
    answer: MIRROR_LIST,
  },
  "POST /mirrors": {
    summary: "Add a mirror and look its place up",
    settings: SOME_SETTINGS,
    answer: ADDED_MIRROR,
    status: 201,
    headers: ["Location"],
  },
  "GET /mirrors/match": {
    summary: "Find the one mirror that a name, or a part of one, means",
    query: v.object({ name: v.pipe(TEXT, v.description("Name")), remembered: REMEMBERED }),
    answer: MIRROR,
    headers: ["ETag"],
    otherHeaders: [AS_OF],
  },
  "GET /mirrors/{id}": { summary: "Show a mirror", answer: MIRROR, headers: ["ETag"] },
  "PATCH /mirrors/{id}": {
    summary: "Change settings of a mirror",
    settings: SOME_SETTINGS,
    conditional: true,
    answer: MIRROR,
    headers: ["ETag"],
  },
  "DELETE /mirrors/{id}": {
    summary: "Remove a mirror with everything known about it",
    conditional: true,
    answer: MIRROR,
  },
  "POST /mirrors/{id}/enable": { summary: "Enable a mirror", answer: MIRROR },
  "POST /mirrors/{id}/disable": {
    summary: "Disable a mirror, or plan a time in which it is off",
    body: DISABLE_REQUEST,
    answer: MIRROR,
  },
  "POST /mirrors/{id}/notes": {
    summary: "Put a line into the event log of a mirror",
    body: NOTE_REQUEST,
    answer: MIRROR,
  },
  "GET /mirrors/{id}/location": {
    summary: "Look up where a mirror stands now; changes nothing",
    answer: FOUND_LOCATION,
  },
} as const satisfies Readonly<Record<`${string} /${string}`, Operation>>;
