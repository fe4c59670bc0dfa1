/** Makes 32 random bytes, for the embedded store to hide by who downloads what in ranges. */
export function newKey(): Uint8Array {
  return crypto.getRandomValues(new Uint8Array(32));
}
