/**
 * Hides who downloads a file behind a hash, in the form that all programs on one store use.
 *
 * @param client `address/user agent`
 * @returns SHA-256 in lower-case hexadecimal
 */
export async function clientHash(client: string): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(client));
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
