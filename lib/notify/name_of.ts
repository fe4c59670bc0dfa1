import { createHash } from "../worker/late_builtins.ts";

/**
 * Names a thing by what makes it up, so that whoever meets it again gives it the same name.
 *
 * @returns 32 hexadecimal digits of SHA-256
 */
export function nameOf(...parts: readonly (string | number)[]): string {
  return createHash("sha256").update(JSON.stringify(parts)).digest("hex").slice(0, 32);
}
