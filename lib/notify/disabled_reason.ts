import type { MirrorEvent } from "../catalog/mirror_event.ts";

/** Milliseconds within which an event belongs to the one after it. */
const TOGETHER = 2_000;

/** Why a mirror was disabled; empty where nobody knows. */
export interface DisabledReason {
  /** What it was given up for: `down for 2d`. */
  readonly reason: string;
  /** Who did it, which is nothing to others: `by anna`. */
  readonly cause: string;
}

/**
 * Tells why a mirror was disabled, as far as its log says.
 *
 * @param events the newest of its log, oldest first
 */
export function disabledReason(events: readonly MirrorEvent[]): DisabledReason {
  const at = events.findLastIndex(({ type }) => type === "disabled" || type === "enabled");
  const disabled = events[at];
  // What was enabled since then was disabled again so lately that its log does not say so yet.
  if (disabled?.type !== "disabled") return { reason: "", cause: "" };
  return {
    reason: gaveUpFor(events[at - 1], disabled),
    cause: disabled.by ? `by ${disabled.by}` : "",
  };
}

function gaveUpFor(before: MirrorEvent | undefined, { time }: MirrorEvent): string {
  if (before === undefined || time - before.time > TOGETHER) return "";
  if (before.type === "error") return /^Disabled: (.*)/s.exec(before.message)?.[1] ?? "";
  return before.type === "state" && !before.up ? before.reason : "";
}
