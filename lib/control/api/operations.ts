import * as v from "valibot";
import { HEALTH, RELOADED, UPGRADED, VERSION_INFO } from "./daemon_schemas.ts";
import { EVENT_LIST } from "./event_schema.ts";
import { EXPLANATION } from "./explain_schemas.ts";
import { ADDED_MIRROR, FOUND_LOCATION, MIRROR, MIRROR_LIST } from "./mirror_schemas.ts";
import { NOTIFY_TEST_REQUEST, NOTIFY_TEST_RESULT } from "./notify_schemas.ts";
import { AS_OF } from "./as_of.ts";
import { COUNT, DAY, FLAG, type Json, TEXT } from "./parts.ts";
import {
  MIRROR_SCAN_REQUEST,
  MIRROR_SCAN_RESULT,
  SOURCE_SCAN_REQUEST,
  SOURCE_SCAN_RESULT,
} from "./scan_schemas.ts";
import { SOME_SETTINGS } from "./setting_entries.ts";
import { FILE_STATS, MIRROR_STATS } from "./stats_schemas.ts";

/** What one method of a path does. A path with `{id}` takes the ID of a mirror there. */
export interface Operation {
  /** For people, without a full stop. */
  readonly summary: string;
  readonly query?: v.ObjectSchema<v.ObjectEntries, undefined>;
  /** The JSON object that the request brings; without a body an empty one. */
  readonly body?: v.GenericSchema;
  /**
   * Settings that the request brings. They are judged by what the mirror has now, since a value that
   * stays as it is may be one that nobody could give today; so the schema is only the description.
   */
  readonly settings?: v.GenericSchema;
  /** Whether `If-Match` may name the entity tag that the request is based on. */
  readonly conditional?: boolean;
  readonly answer: v.GenericSchema;
  /** Whether the answer is a stream: lines of progress, then one with what `answer` describes. */
  readonly stream?: boolean;
  /** Status of the answer; default: 200. */
  readonly status?: 201;
  /** A status that comes with the same answer. */
  readonly otherStatus?: 503;
  /** Headers that the answer always has. */
  readonly headers?: readonly string[];
  /** Headers that it has at times. */
  readonly otherHeaders?: readonly string[];
}

const RANGE = {
  start: v.pipe(v.optional(DAY), v.description("First day; default: today")),
  end: v.pipe(v.optional(DAY), v.description("Last day; default: today")),
};

const REMEMBERED = v.pipe(
  v.exactOptional(FLAG),
  v.description("Whether what the daemon remembers will do while the store is away"),
);

/** What can be asked of the control API. Paths without parameters stand before those with some. */
export const OPERATIONS = {
  "GET /openapi.json": { summary: "This document", answer: v.looseObject({}) },
  "GET /version": { summary: "What the daemon is and runs on", answer: VERSION_INFO },
  "GET /health": {
    summary: "Whether the daemon is ready for requests, and what it works with",
    answer: HEALTH,
    otherStatus: 503,
  },
  "GET /explain": {
    summary: "Everything that decides who serves a file to a client, and who is drawn",
    query: v.object({
      path: v.pipe(TEXT, v.description("Path of the file, decoded")),
      from: v.pipe(
        v.exactOptional(TEXT),
        v.description("Address of the client; without it nothing is known of it"),
      ),
      https: v.pipe(v.optional(FLAG, false), v.description("Whether the client wants HTTPS")),
      seed: v.pipe(v.optional(COUNT, 1), v.description("Seed of the draw; default: 1")),
    }),
    answer: EXPLANATION,
  },
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
  "POST /mirrors/{id}/disable": { summary: "Disable a mirror", answer: MIRROR },
  "POST /mirrors/{id}/scan": {
    summary: "Scan a mirror now; going away aborts the scan, empty lines are signs of life",
    body: MIRROR_SCAN_REQUEST,
    answer: MIRROR_SCAN_RESULT,
    stream: true,
  },
  "GET /mirrors/{id}/location": {
    summary: "Look up where a mirror stands now; changes nothing",
    answer: FOUND_LOCATION,
  },
  "GET /mirrors/{id}/events": {
    summary: "The newest events of a mirror, oldest first",
    query: v.object({
      limit: v.pipe(v.optional(COUNT, 500), v.description("At most so many; default: 500")),
    }),
    answer: EVENT_LIST,
  },
  "GET /mirrors/{id}/stats": {
    summary: "Downloads from a mirror",
    query: v.object(RANGE),
    answer: MIRROR_STATS,
  },
  "GET /stats/files": {
    summary: "Downloads of the files whose path matches a regular expression",
    query: v.object({
      pattern: v.pipe(TEXT, v.description("Regular expression in RE2's syntax")),
      ...RANGE,
    }),
    answer: FILE_STATS,
  },
  "POST /source/scan": {
    summary:
      "Scan the source repository now; going away aborts the scan, empty lines are signs of life",
    body: SOURCE_SCAN_REQUEST,
    answer: SOURCE_SCAN_RESULT,
    stream: true,
  },
  "POST /notify/test": {
    summary: "Send one message of each event to those who are told what happens",
    body: NOTIFY_TEST_REQUEST,
    answer: NOTIFY_TEST_RESULT,
  },
  "POST /reload": { summary: "Read the configuration again", answer: RELOADED },
  "POST /upgrade": {
    summary: "Let the program as it is on disk now take over, without a request lost",
    answer: UPGRADED,
  },
} as const satisfies Readonly<Record<`${string} /${string}`, Operation>>;

/** Method and path of an operation: `GET /mirrors/{id}`. */
export type OperationName = keyof typeof OPERATIONS;

type Operations = typeof OPERATIONS;

/** What an operation is asked with. */
export type InputOf<K extends OperationName> =
  & (K extends `${string}{id}${string}` ? { readonly id: number } : unknown)
  & (Operations[K] extends { readonly query: infer Q extends v.GenericSchema }
    ? { readonly query: Json<Q> }
    : unknown)
  & (Operations[K] extends { readonly body: infer B extends v.GenericSchema }
    ? { readonly body: Json<B> }
    : unknown)
  & (Operations[K] extends { readonly settings: v.GenericSchema }
    ? { readonly settings: Readonly<Record<string, unknown>> }
    : unknown)
  & (Operations[K] extends { readonly conditional: true }
    ? { /** Entity tag; `null`: any. */ readonly tag: string | null }
    : unknown);

/** What an operation answers with. */
export type AnswerOf<K extends OperationName> = Json<Operations[K]["answer"]>;

/** The operations whose answer is a stream. */
export type StreamName = {
  [K in OperationName]: Operations[K] extends { readonly stream: true } ? K : never;
}[OperationName];
