const DAY = 86_400_000;
const YEAR = 365.25 * DAY;

/**
 * Picks the files that tell most about the zones of a listing: those nearest to the middle of winter and
 * of summer, of whatever year, and the newest.
 *
 * @param files that are listed with a local time
 * @returns at most three
 */
export function offsetSamples<T extends { readonly modTime: number }>(files: readonly T[]): T[] {
  const picked = new Set<T>();
  for (const day of [15, 15 + YEAR / DAY / 2]) {
    const nearest = least(files, ({ modTime }) => distance(modTime, day * DAY));
    if (nearest) picked.add(nearest);
  }
  const newest = least(files, ({ modTime }) => -modTime);
  if (newest) picked.add(newest);
  return [...picked];
}

/** Milliseconds between a time and a day of the year, in whichever year it is next. */
function distance(time: number, day: number): number {
  const off = ((time - day) % YEAR + YEAR) % YEAR;
  return Math.min(off, YEAR - off);
}

function least<T>(items: readonly T[], weigh: (item: T) => number): T | null {
  let best: T | null = null;
  let weight = Infinity;
  for (const item of items) {
    const own = weigh(item);
    if (own < weight) [best, weight] = [item, own];
  }
  return best;
}
