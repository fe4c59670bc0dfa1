import type { Redis } from "ioredis";
import { StoreUnavailableError } from "../store.ts";
import { handledFilesKey, KEYS, mirrorFilesKey, mirrorKey, mirrorLogsKey } from "./keys.ts";

/** A command as ioredis notes it with what a server says against it. */
interface Noted {
  readonly command?: { readonly name?: unknown; readonly args?: unknown };
}

/**
 * Finds the key that holds another type than a command was for: Redis does not tell. Of a script, the
 * keys that many depend on are looked at: those of all mirrors and files, and those of the mirror that its
 * first argument names.
 *
 * @param error what the server said
 * @returns `null` when it is none of these
 */
export async function wrongKey(redis: Redis, error: unknown): Promise<string | null> {
  const { name, args } = (error as Noted).command ?? {};
  if (typeof name !== "string" || !Array.isArray(args)) return null;
  if (!/^eval(sha)?$/i.test(name)) return String(args[0]);
  const id = Number(args[2]);
  const suspects: [key: string, type: string][] = [];
  if (Number.isSafeInteger(id)) {
    suspects.push([mirrorKey(id), "hash"], [mirrorFilesKey(id), "set"]);
    suspects.push([handledFilesKey(id), "set"], [mirrorLogsKey(id), "list"]);
  }
  suspects.push([KEYS.mirrors, "hash"], [KEYS.files, "set"], ["LAST_MID", "string"]);
  suspects.push([KEYS.pieces, "hash"], [KEYS.messages, "hash"]);
  const types = await Promise.all(suspects.map(([key]) => redis.type(key)));
  const at = suspects.findIndex(([, type], i) => types[i] !== type && types[i] !== "none");
  return suspects[at]?.[0] ?? null;
}

/** Says that a key holds another type than it should. */
export function wrongTypeError(key: string): StoreUnavailableError {
  return new StoreUnavailableError(
    `The key ${JSON.stringify(key)} in Redis holds another type than it should`,
  );
}
