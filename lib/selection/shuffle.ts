/**
 * Moves random items to the front of an array, in random order, every choice and order being equally
 * likely (Fisher and Yates' shuffle, stopped early).
 *
 * @param items the array, changed in place
 * @param count how many to choose; more than there are means all
 * @param random 0 to 1, exclusive
 */
export function shuffle(items: unknown[], count: number, random: () => number): void {
  const end = Math.min(count, items.length - 1);
  for (let i = 0; i < end; i++) {
    const j = i + Math.floor(random() * (items.length - i));
    const item = items[i];
    items[i] = items[j];
    items[j] = item;
  }
}
