import { createHash } from "../worker/late_builtins.ts";

/**
 * Hides who downloads a file behind a hash, in the form that all programs on one store use.
 *
 * @param address the client's; `null` when unknown
 * @param userAgent what its program calls itself
 * @returns SHA-256 of `address/user agent` in lower-case hexadecimal
 */
export function clientHash(address: string | null, userAgent: string): string {
  return createHash("sha256").update(`${address ?? ""}/${userAgent}`).digest("hex");
}
