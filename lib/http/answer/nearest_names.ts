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
  const likenessOf = likenessTo(wanted);
  return names
    .filter((name) => name !== wanted)
    .map((name) => ({ name, likeness: likenessOf(name) }))
    .filter(({ likeness }) => all || likeness >= ALIKE)
    .sort((a, b) => b.likeness - a.likeness || (a.name < b.name ? -1 : 1))
    .slice(0, MOST)
    .map(({ name }) => name);
}

/** Names below this likeness are others. */
const ALIKE = 0.6;

/**
 * Makes what compares names with one. Thousands are compared while nobody else is answered: nothing is made
 * for each of them.
 */
function likenessTo(wanted: string): (name: string) => number {
  const text = compared(wanted);
  const places = new Map<number, number>();
  const counts: number[] = [];
  for (let index = 0; index < text.length - 1; index++) {
    const pair = pairAt(text, index);
    const place = places.get(pair) ?? counts.length;
    places.set(pair, place);
    counts[place] = (counts[place] ?? 0) + 1;
  }
  const whole = Uint16Array.from(counts);
  /** How often each pair may still be found. */
  const left = new Uint16Array(whole.length);
  return (name) => {
    const other = compared(name);
    const total = Math.max(0, text.length - 1) + Math.max(0, other.length - 1);
    if (total === 0) return 0;
    left.set(whole);
    let common = 0;
    for (let index = 0; index < other.length - 1; index++) {
      const place = places.get(pairAt(other, index));
      if (place === undefined || left[place] === 0) continue;
      left[place]!--;
      common++;
    }
    return 2 * common / total;
  };
}

function compared(name: string): string {
  return name.slice(0, LONGEST).toLowerCase();
}

/** Two letters as one number. */
function pairAt(text: string, index: number): number {
  return text.charCodeAt(index) * 65_536 + text.charCodeAt(index + 1);
}
