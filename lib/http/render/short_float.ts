/**
 * Rounds a number to the shortest decimal that still is the same 32-bit float: the digits that the
 * JSON answers have always shown for degrees and kilometres.
 *
 * @param value any number
 * @returns a number that prints with few digits; 0 for what is not finite
 */
export function shortFloat(value: number): number {
  const float = Math.fround(value);
  if (!Number.isFinite(float)) return 0;
  for (let digits = 6; digits < 9; digits++) {
    const short = Number(float.toPrecision(digits));
    if (Math.fround(short) === float) return short;
  }
  return Number(float.toPrecision(9));
}
