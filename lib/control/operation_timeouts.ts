import type { OperationName } from "./api/operations.ts";

/** Milliseconds that a daemon has for the beginning of an answer where nothing else is said. */
export const USUAL_TIMEOUT = 30_000;

/** Milliseconds that it has for the operations that take longer. */
export const OPERATION_TIMEOUTS: { readonly [K in OperationName]?: number } = {
  // The new process has to load everything.
  "POST /upgrade": 300_000,
  // Messages of every event, of which each has a minute.
  "POST /notify/test": 600_000,
  // Of years, there may be millions of counters.
  "POST /stats/prune": 600_000,
  // Each database has an hour.
  "POST /geoip/update": 7_500_000,
  // Some answers of the server, each with its patience.
  "POST /check": 180_000,
  // A part of the requests at a time.
  "POST /simulate": 120_000,
};
