import type { Redis } from "ioredis";
import { messageOf } from "../../log/message_of.ts";
import { LOOKUP } from "./lookup_script.ts";
import { runScript } from "./script.ts";
import { isAnswer } from "./sign_in.ts";

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
    if (/^NOPERM\b|^ERR unknown command/i.test(messageOf(error))) return false;
    // Whatever else the script met, it ran.
    if (isAnswer(error)) return true;
    throw error;
  }
}
