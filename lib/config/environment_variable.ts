/**
 * Names the environment variable of a key.
 *
 * @param key as in the file
 * @returns `MIRRORBITS_` and the key in upper snake case
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(environmentVariable("RedisDB"), "MIRRORBITS_REDIS_DB");
 * ```
 */
export function environmentVariable(key: string): string {
  const words = key
    .replace(/([a-z0-9])([A-Z])/g, "$1_$2")
    .replace(/([A-Z])([A-Z][a-z])/g, "$1_$2");
  return `MIRRORBITS_${words.toUpperCase()}`;
}
