import { validCause } from "../catalog/down_cause.ts";
import type { MirrorRecord } from "../catalog/mirror_state.ts";
import type { Concern } from "./concern.ts";

/**
 * Tells whether a mirror that should serve is down over every scheme that it offers.
 *
 * @returns what is wrong; `null` when it is up, or off, or nobody knows
 */
export function downConcern(mirror: MirrorRecord): Concern | null {
  const { id, enabled, stateSince, httpUp, httpsUp } = mirror;
  if (!enabled || stateSince === null || httpUp || httpsUp) return null;
  const http = mirror.httpDownReason !== "";
  const reason = http ? mirror.httpDownReason : mirror.httpsDownReason;
  // After its URL was changed nobody knows until the next check.
  if (reason === "") return null;
  const found = http ? mirror.httpDownCause : mirror.httpsDownCause;
  const cause = validCause(found, reason, stateSince);
  return {
    event: "down",
    subject: id,
    reason,
    cause: cause === null ? "" : causeText(cause),
    since: stateSince,
    level: "",
  };
}

function causeText(
  { text, address, milliseconds }: {
    readonly text: string;
    readonly address: string;
    readonly milliseconds: number;
  },
): string {
  return `${text} (${address === "" ? "" : `${address}, `}${milliseconds} ms)`;
}
