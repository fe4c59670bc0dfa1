import type { Redis } from "ioredis";
import { LOOKUP } from "./lookup_script.ts";
import { isForbidden } from "./redis_error.ts";
import { runScript } from "./run_script.ts";

/**
 * Finds out whether this user may run scripts, by looking a path up that there is not; the look-ups that
 * follow on this connection send no more than the script's digest.
 */
export async function mayRunScripts(redis: Redis): Promise<boolean> {
  try {
    await runScript(redis, LOOKUP, "");
    await runScript(redis, LOOKUP, "");
    return true;
  } catch (error) {
    if (isForbidden(error)) return false;
    throw error;
  }
}
