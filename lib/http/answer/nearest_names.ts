/** Names that come back at most. */
const MOST = 20;

/** Characters of a name that are compared. */
const LONGEST = 200;

/**
 * Sorts names by how much they are like another: the share of the pairs of letters that they have in common
 * (Sørensen and Dice), whatever their case.
 *
 * @param wanted the name that is not there
 * @param names those that are
 * @param all whether those that are not like it come back as well, behind the others
 * @returns 20 at most, the most alike first
 */
export function nearestNames(wanted: string, names: readonly string[], all = false): string[] {
  const pairs = pairsOf(wanted);
  return names
    .filter((name) => name !== wanted)
    .map((name) => ({ name, likeness: likenessOf(pairs, pairsOf(name)) }))
    .filter(({ likeness }) => all || likeness >= ALIKE)
    .sort((a, b) => b.likeness - a.likeness || (a.name < b.name ? -1 : 1))
    .slice(0, MOST)
    .map(({ name }) => name);
}

/** Names below this likeness are others. */
const ALIKE = 0.6;

function pairsOf(name: string): ReadonlyMap<string, number> {
  const text = name.slice(0, LONGEST).toLowerCase();
  const pairs = new Map<string, number>();
  for (let index = 0; index < text.length - 1; index++) {
    const pair = text.slice(index, index + 2);
    pairs.set(pair, (pairs.get(pair) ?? 0) + 1);
  }
  return pairs;
}

function likenessOf(a: ReadonlyMap<string, number>, b: ReadonlyMap<string, number>): number {
  const count = (pairs: ReadonlyMap<string, number>): number =>
    pairs.values().reduce((sum, each) => sum + each, 0);
  const total = count(a) + count(b);
  if (total === 0) return 0;
  let common = 0;
  for (const [pair, number] of a) common += Math.min(number, b.get(pair) ?? 0);
  return 2 * common / total;
}
