import { HEALTH, RELOADED, UPGRADED, VERSION_INFO } from "./daemon_schemas.ts";
import type { Operation } from "./operation.ts";

/** What can be asked of the daemon itself. */
export const DAEMON_OPERATIONS = {
  "GET /version": { summary: "What the daemon is and runs on", answer: VERSION_INFO },
  "GET /health": {
    summary: "Whether the daemon is ready for requests, and what it works with",
    answer: HEALTH,
    otherStatus: 503,
  },
  "POST /reload": { summary: "Read the configuration again", answer: RELOADED },
  "POST /upgrade": {
    summary: "Let the program as it is on disk now take over, without a request lost",
    answer: UPGRADED,
  },
} as const satisfies Readonly<Record<`${string} /${string}`, Operation>>;
