import type { Operation } from "./operation.ts";
import { HOLD, HOLD_REQUEST, HOLDS, RELEASED } from "./release_schemas.ts";
import { PATH_REQUEST } from "./source_schemas.ts";

/** What can be done on the day of a release. */
export const RELEASE_OPERATIONS = {
  "GET /holds": { summary: "The paths that are held back, and for whom not", answer: HOLDS },
  "POST /holds": {
    summary: "Hold a path back with all that is below it: 404 for everyone else, on all nodes",
    body: HOLD_REQUEST,
    answer: HOLD,
  },
  "POST /holds/release": {
    summary: "Release a path that is held back, on all nodes",
    body: PATH_REQUEST,
    answer: RELEASED,
  },
} as const satisfies Readonly<Record<`${string} /${string}`, Operation>>;
