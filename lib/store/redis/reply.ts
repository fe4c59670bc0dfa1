import { StoreUnavailableError } from "../store.ts";

/** Redis gave an answer that its documentation does not know; nothing can be concluded from it. */
export class OddReplyError extends StoreUnavailableError {
  /** @param wanted what the answer should be, for people */
  constructor(wanted: string, found: unknown) {
    const text = JSON.stringify(found) ?? String(found);
    super(`Redis gave an answer that makes no sense: ${wanted} was asked for, found ${cut(text)}`);
  }
}

/** Takes a number. @throws OddReplyError */
export function numberReply(reply: unknown): number {
  if (typeof reply === "number" && Number.isFinite(reply)) return reply;
  throw new OddReplyError("a number", reply);
}

/** Takes how many there are of something. @throws OddReplyError */
export function countReply(reply: unknown): number {
  if (Number.isSafeInteger(reply) && Number(reply) >= 0) return Number(reply);
  throw new OddReplyError("a count", reply);
}

/** Takes a text, or what stands for none. @throws OddReplyError */
export function optionalTextReply(reply: unknown): string | null {
  if (reply === null || typeof reply === "string") return reply;
  throw new OddReplyError("a text", reply);
}

/** Takes a text. @throws OddReplyError */
export function textReply(reply: unknown): string {
  if (typeof reply === "string") return reply;
  throw new OddReplyError("a text", reply);
}

/** Takes the ID of a mirror. @throws OddReplyError */
export function idReply(reply: unknown): number {
  if (Number.isSafeInteger(reply) && Number(reply) > 0) return Number(reply);
  throw new OddReplyError("the ID of a mirror", reply);
}

/** Takes a list of texts. @throws OddReplyError */
export function textsReply(reply: unknown): string[] {
  if (isListOf(reply, (part) => typeof part === "string")) return reply as string[];
  throw new OddReplyError("a list of texts", reply);
}

/** Takes a list of texts of which some may be missing. @throws OddReplyError */
export function fieldsReply(reply: unknown): (string | null)[] {
  if (isListOf(reply, (part) => part === null || typeof part === "string")) {
    return reply as (string | null)[];
  }
  throw new OddReplyError("a list of fields", reply);
}

/** Takes a list of numbers. @throws OddReplyError */
export function numbersReply(reply: unknown): number[] {
  if (isListOf(reply, (part) => typeof part === "number")) return reply as number[];
  throw new OddReplyError("a list of numbers", reply);
}

/** Takes what ioredis makes of a hash. @throws OddReplyError */
export function hashReply(reply: unknown): Record<string, string> {
  const isHash = typeof reply === "object" && reply !== null && !Array.isArray(reply) &&
    Object.values(reply).every((value) => typeof value === "string");
  if (isHash) return reply as Record<string, string>;
  throw new OddReplyError("a hash", reply);
}

/**
 * Takes a step of a walk.
 *
 * @param cursor where the step began
 * @returns the next cursor, `0` at the end, and what was found
 * @throws OddReplyError also when the walk would not get on, and never end
 */
export function pageReply(reply: unknown, cursor: string): [next: string, members: string[]] {
  if (Array.isArray(reply) && reply.length === 2 && /^\d+$/.test(String(reply[0]))) {
    return [nextCursor(String(reply[0]), cursor), textsReply(reply[1])];
  }
  throw new OddReplyError("a page", reply);
}

/** Takes the next cursor of a walk that was at another. @throws OddReplyError when that is the same */
export function nextCursor(next: string, cursor: string): string {
  if (next === cursor && next !== "0") throw new OddReplyError("another cursor", next);
  return next;
}

function isListOf(reply: unknown, fits: (part: unknown) => boolean): boolean {
  return Array.isArray(reply) && reply.every(fits);
}

function cut(text: string): string {
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}

/**
 * Looks whether a transaction went through.
 *
 * @param answers of each command; `null`: it was given up
 * @throws the first error of a command
 */
export function failOnError(answers: [error: Error | null, answer: unknown][] | null): void {
  const error = answers === null
    ? new Error("the transaction was given up")
    : answers.find(([each]) => each !== null)?.[0];
  if (error) throw error;
}
