/**
 * Compares two texts by their code points, which is the order of their UTF-8 bytes; `<` compares UTF-16,
 * in which what needs two units comes too early.
 *
 * @returns below, above or equal to 0
 */
export function compareCodePoints(one: string, other: string): number {
  const length = Math.min(one.length, other.length);
  for (let at = 0; at < length; at++) {
    const [a, b] = [one.charCodeAt(at), other.charCodeAt(at)];
    if (a !== b) return rank(a) - rank(b);
  }
  return one.length - other.length;
}

/** Puts surrogates above all other units. */
function rank(unit: number): number {
  return unit >= 0xd800 && unit < 0xe000 ? unit + 0x10000 : unit;
}
