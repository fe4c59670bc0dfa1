/**
 * Draws without replacement: each draw takes one of those left, with a probability proportional to
 * its weight.
 *
 * @param weights one for each that takes part; 0 and below are never drawn
 * @param count how many to draw; fewer are drawn when there are no more
 * @param random 0 to 1, exclusive; called once for each draw
 * @returns indices into `weights`, in the order drawn
 */
export function weightedDraw(
  weights: readonly number[],
  count: number,
  random: () => number,
): number[] {
  const left = weights.slice();
  let sum = 0;
  for (let i = 0; i < left.length; i++) sum += Math.max(0, left[i]!);
  const drawn: number[] = [];
  while (drawn.length < count && drawn.length < left.length) {
    let target = random() * sum;
    // If rounding lets the target pass the end, the last one with a weight is meant.
    let index = -1;
    for (let i = 0; i < left.length; i++) {
      const weight = left[i]!;
      if (weight <= 0) continue;
      index = i;
      target -= weight;
      if (target < 0) break;
    }
    if (index < 0) break;
    sum -= left[index]!;
    left[index] = 0;
    drawn.push(index);
  }
  return drawn;
}
