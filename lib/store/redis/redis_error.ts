import { messageOf } from "../../log/message_of.ts";

/** Redis was reached, but must not or cannot be used until the operator changes something. */
export class RedisRefusedError extends Error {
  override readonly name = "RedisRefusedError";
}

/**
 * Answers after which the connection is of no use for now: the data is being loaded, another server
 * became the primary, or the password was changed.
 */
const LOST = /^(LOADING|READONLY|MASTERDOWN|NOAUTH|WRONGPASS)\b/;

/** Whether an answer means that Redis counts as down, although it speaks. */
export function meansDown(error: unknown): boolean {
  return LOST.test(messageOf(error));
}

/** Answers of a server that can be read but not written: it has no memory, disk or replica for more. */
const NO_WRITES = /\b(OOM command|MISCONF|NOREPLICAS)\b/;

/** Whether Redis refuses whatever changes something, while it answers questions. */
export function refusesWrites(error: unknown): boolean {
  return NO_WRITES.test(messageOf(error));
}

/** Whether the user may not do that, by itself or within a script. */
export function isForbidden(error: unknown): boolean {
  return /^(NOPERM\b|ERR unknown command|ERR The user executing the script can't )/i
    .test(messageOf(error));
}

/** Whether a key holds another type than a command is for. */
export function isWrongType(error: unknown): boolean {
  return /\bWRONGTYPE\b/.test(messageOf(error));
}

/**
 * Says in words what went wrong.
 *
 * @param password never shown, whoever put it into the message
 */
export function reasonOf(error: unknown, password: string): string {
  const { code } = error as { code?: unknown };
  const text = (typeof code === "string" ? WORDS[code] : undefined) ?? messageOf(error);
  const line = text.replaceAll(/\s+/g, " ").trim().replace(/\.$/, "");
  return password === "" ? line : line.replaceAll(password, "***");
}

const WORDS: Readonly<Record<string, string>> = {
  ECONNREFUSED: "connection refused",
  ECONNRESET: "connection reset",
  EHOSTUNREACH: "no route to the host",
  ENETUNREACH: "network unreachable",
  ENOTFOUND: "no such host",
  EAI_AGAIN: "the host name cannot be resolved now",
  EPIPE: "connection closed",
  ETIMEDOUT: "no answer",
};
