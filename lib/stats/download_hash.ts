/**
 * Says in one number who downloads what. It is quick, and takes eight bytes wherever it is kept; of
 * 200 000 numbers, two are equal by chance once in half a million times (cyrb53).
 *
 * @param address the client's; `null` when unknown
 * @param userAgent what its program calls itself
 * @param path decoded path of the file
 * @returns 53 bits
 */
export function downloadHash(address: string | null, userAgent: string, path: string): number {
  // The path comes first and holds no NUL, so that no client can pass for another.
  const text = `${path}\0${address ?? ""}/${userAgent}`;
  let [high, low] = [0xdeadbeef, 0x41c6ce57];
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    high = Math.imul(high ^ code, 2654435761);
    low = Math.imul(low ^ code, 1597334677);
  }
  high = Math.imul(high ^ (high >>> 16), 2246822507) ^ Math.imul(low ^ (low >>> 13), 3266489909);
  low = Math.imul(low ^ (low >>> 16), 2246822507) ^ Math.imul(high ^ (high >>> 13), 3266489909);
  return 4_294_967_296 * (low & 0x1fffff) + (high >>> 0);
}
