/** Makes random bytes for all nodes to draw by, in hexadecimal, in case the store has none yet. */
export function newSalt(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(8));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Makes 32 random bytes, for the embedded store to hide by who downloads what in ranges. */
export function newKey(): Uint8Array {
  return crypto.getRandomValues(new Uint8Array(32));
}
