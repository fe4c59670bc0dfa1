/**
 * Makes a source of randomness that gives the same numbers for the same seed (mulberry32, in the public
 * domain), so that a draw can be shown again.
 *
 * @param seed any number; its lowest 32 bits count
 * @returns 0 to 1, exclusive
 */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = state + 0x6d2b79f5 >>> 0;
    let mixed = Math.imul(state ^ state >>> 15, state | 1);
    mixed ^= mixed + Math.imul(mixed ^ mixed >>> 7, mixed | 61);
    return ((mixed ^ mixed >>> 14) >>> 0) / 2 ** 32;
  };
}
