import * as v from "valibot";
import type { Operation } from "./operation.ts";
import { EXPLANATION, RULES_TESTED } from "./explain_schemas.ts";
import { NODES } from "./daemon_schemas.ts";
import { COUNT, FLAG, TEXT } from "./parts.ts";
import { QUOTAS } from "./quota_schemas.ts";
import { SIMULATE_REQUEST, SIMULATED } from "./simulate_schemas.ts";

/** What can be asked about how requests are decided, and by whom. */
export const CHOICE_OPERATIONS = {
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
  "GET /rules": {
    summary: "What each rule does for a client",
    query: v.object({
      from: v.pipe(TEXT, v.description("Address of the client")),
      path: v.pipe(v.exactOptional(TEXT), v.description("Only mirrors that have this file")),
    }),
    answer: RULES_TESTED,
  },
  "POST /simulate": {
    summary: "Whom requests would be sent to if mirrors had other settings; changes nothing",
    body: SIMULATE_REQUEST,
    answer: SIMULATED,
  },
  "GET /nodes": {
    summary: "Who works on the store, and whose each mirror is",
    answer: NODES,
  },
  "GET /mirrors/quotas": {
    summary: "What mirrors have used of MaxDay and MaxMonth, over all nodes",
    answer: QUOTAS,
  },
} as const satisfies Readonly<Record<`${string} /${string}`, Operation>>;
