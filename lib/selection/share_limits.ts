/**
 * Bounds shares: nobody gets more than its limit, and what that leaves is shared among the others by
 * weight, until nobody is above its own. Where all limits together are below 100, shares are the limits
 * in proportion.
 *
 * @param weights one for each, above 0
 * @param limits in percent, one for each; 100: none
 * @returns shares in percent
 */
export function limitShares(weights: readonly number[], limits: readonly number[]): number[] {
  const shares = weights.map(() => 0);
  const free = new Set(weights.keys());
  let left = 100;
  let bounded = true;
  while (bounded && free.size > 0) {
    bounded = false;
    let sum = 0;
    for (const index of free) sum += weights[index]!;
    for (const index of free) shares[index] = left * weights[index]! / sum;
    let taken = 0;
    for (const index of free) {
      if (shares[index]! <= limits[index]!) continue;
      shares[index] = limits[index]!;
      taken += limits[index]!;
      free.delete(index);
      bounded = true;
    }
    left -= taken;
  }
  if (free.size > 0) return shares;
  const sum = limits.reduce((all, limit) => all + limit, 0);
  return limits.map((limit) => limit * 100 / sum);
}
