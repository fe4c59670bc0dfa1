import * as v from "valibot";
import type { Operation } from "./operation.ts";
import { CHOICE_OPERATIONS } from "./choice_operations.ts";
import { DAEMON_OPERATIONS } from "./daemon_operations.ts";
import { DIFFERENCE_QUERY, DIFFERENCES } from "./difference_schemas.ts";
import { EVENT_LIST, NEWER_EVENTS_LIST, NEWER_EVENTS_REQUEST } from "./event_schema.ts";
import { GEOIP, GEOIP_QUERY } from "./geoip_schemas.ts";
import { MIRROR_OPERATIONS } from "./mirror_operations.ts";
import { CHECK_REQUEST, CHECKED } from "./check_schemas.ts";
import { NOTIFY_TEST_REQUEST, NOTIFY_TEST_RESULT } from "./notify_schemas.ts";
import { COUNT, DAY, type Json, TEXT } from "./parts.ts";
import { RELEASE_OPERATIONS } from "./release_operations.ts";
import {
  FORGOTTEN,
  MIRROR_SCAN_REQUEST,
  MIRROR_SCAN_RESULT,
  PATH_REQUEST,
  SOURCE_SCAN_REQUEST,
  SOURCE_SCAN_RESULT,
} from "./scan_schemas.ts";
import { REQUIRE_REQUEST, REQUIRED, SET_LIST } from "./set_schemas.ts";
import {
  FILE_STATS,
  MIRROR_SERIES,
  MIRROR_SERIES_QUERY,
  MIRROR_STATS,
  PRUNE_STATS_REQUEST,
  PRUNED_STATS,
  STATISTICS,
  STATISTICS_QUERY,
} from "./stats_schemas.ts";

const RANGE = {
  start: v.pipe(v.optional(DAY), v.description("First day; default: today")),
  end: v.pipe(v.optional(DAY), v.description("Last day; default: today")),
};

/** What can be asked of the control API. Paths without parameters stand before those with some. */
export const OPERATIONS = {
  "GET /openapi.json": { summary: "This document", answer: v.looseObject({}) },
  ...DAEMON_OPERATIONS,
  "GET /geoip": {
    summary: "Which GeoIP databases answer, and what is known of an address",
    query: GEOIP_QUERY,
    answer: GEOIP,
  },
  "POST /geoip/update": {
    summary: "Look for newer GeoIP databases now, where the configuration says from where",
    answer: GEOIP,
  },
  ...CHOICE_OPERATIONS,
  ...MIRROR_OPERATIONS,
  "POST /mirrors/{id}/scan": {
    summary: "Scan a mirror now; going away aborts the scan, empty lines are signs of life",
    body: MIRROR_SCAN_REQUEST,
    answer: MIRROR_SCAN_RESULT,
    stream: true,
  },
  "POST /mirrors/{id}/listing": {
    summary: "Take what rsync listed elsewhere for the scan of a mirror: all of it, or nothing",
    text: "text/plain",
    answer: MIRROR_SCAN_RESULT,
    stream: true,
  },
  "POST /events/newer": {
    summary: "The events of the mirrors that have others than are known",
    body: NEWER_EVENTS_REQUEST,
    answer: NEWER_EVENTS_LIST,
  },
  "GET /mirrors/{id}/events": {
    summary: "The newest events of a mirror, oldest first",
    query: v.object({
      limit: v.pipe(v.optional(COUNT, 500), v.description("At most so many; default: 500")),
    }),
    answer: EVENT_LIST,
  },
  "GET /mirrors/{id}/files": {
    summary: "Files of a mirror, by its last listing, that differ from the source's",
    query: DIFFERENCE_QUERY,
    answer: DIFFERENCES,
  },
  "GET /mirrors/{id}/stats": {
    summary: "Downloads from a mirror",
    query: v.object(RANGE),
    answer: MIRROR_STATS,
  },
  "GET /stats": {
    summary: "What was downloaded in a time: in all, by mirror, country and file, step by step",
    query: STATISTICS_QUERY,
    answer: STATISTICS,
    otherType: "text/csv",
  },
  "GET /stats/mirrors": {
    summary: "What was downloaded from each mirror, by day or month",
    query: MIRROR_SERIES_QUERY,
    answer: MIRROR_SERIES,
  },
  "POST /stats/prune": {
    summary: "Remove what was counted longer ago than it is kept",
    body: PRUNE_STATS_REQUEST,
    answer: PRUNED_STATS,
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
  "GET /sets": { summary: "The metadata sets, and what mirrors have of them", answer: SET_LIST },
  "POST /sets/require": {
    summary: "Have only the present revision of a metadata set served for a while",
    body: REQUIRE_REQUEST,
    answer: REQUIRED,
  },
  ...RELEASE_OPERATIONS,
  "POST /source/forget": {
    summary: "Forget a file that left the repository, so that nobody serves it any more",
    body: PATH_REQUEST,
    answer: FORGOTTEN,
  },
  "POST /check": {
    summary: "Look at a server that may become a mirror; stores nothing",
    body: CHECK_REQUEST,
    answer: CHECKED,
  },
  "POST /notify/test": {
    summary: "Send one message of each event to those who are told what happens",
    body: NOTIFY_TEST_REQUEST,
    answer: NOTIFY_TEST_RESULT,
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
  & (Operations[K] extends { readonly text: string } ? { readonly text: AsyncIterable<Uint8Array> }
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
