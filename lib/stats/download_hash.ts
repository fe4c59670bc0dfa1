const NUL = 0;
const SLASH = 0x2f;

const FIRST = 2_654_435_761;
const SECOND = 1_597_334_677;

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
  let high = 0xdeadbeef;
  let low = 0x41c6ce57;
  // The path comes first and holds no NUL, so that no client can pass for another. The three are taken
  // as they are: put together, they would be a text that nobody else needs. A function for what is done
  // with each character would take as long again.
  for (let i = 0; i < path.length; i++) {
    const code = path.charCodeAt(i);
    high = Math.imul(high ^ code, FIRST);
    low = Math.imul(low ^ code, SECOND);
  }
  high = Math.imul(high ^ NUL, FIRST);
  low = Math.imul(low ^ NUL, SECOND);
  const name = address ?? "";
  for (let i = 0; i < name.length; i++) {
    const code = name.charCodeAt(i);
    high = Math.imul(high ^ code, FIRST);
    low = Math.imul(low ^ code, SECOND);
  }
  high = Math.imul(high ^ SLASH, FIRST);
  low = Math.imul(low ^ SLASH, SECOND);
  for (let i = 0; i < userAgent.length; i++) {
    const code = userAgent.charCodeAt(i);
    high = Math.imul(high ^ code, FIRST);
    low = Math.imul(low ^ code, SECOND);
  }
  high = Math.imul(high ^ (high >>> 16), 2246822507) ^ Math.imul(low ^ (low >>> 13), 3266489909);
  low = Math.imul(low ^ (low >>> 16), 2246822507) ^ Math.imul(high ^ (high >>> 13), 3266489909);
  return 4_294_967_296 * (low & 0x1fffff) + (high >>> 0);
}
