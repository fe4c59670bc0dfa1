import * as v from "valibot";
import type { Operation } from "./operation.ts";
import { HOLD, HOLD_REQUEST, HOLDS, RELEASED, ROLLOUT } from "./release_schemas.ts";
import { TEXT } from "./parts.ts";
import { PATH_REQUEST } from "./scan_schemas.ts";

/** What can be done on the day of a release. */
export const RELEASE_OPERATIONS = {
  "GET /rollout": {
    summary: "How far a file or a directory has reached the mirrors",
    query: v.object({
      path: v.pipe(TEXT, v.description("Path in the repository, with a leading slash")),
    }),
    answer: ROLLOUT,
  },
  "POST /rollout/watch": {
    summary: "Note from now on when mirrors get a file or all of a directory",
    body: PATH_REQUEST,
    answer: ROLLOUT,
  },
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
