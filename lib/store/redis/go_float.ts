/**
 * Writes a number as Go prints a `float32`: with the fewest digits that read back as the same
 * `float32`.
 *
 * @param value finite, not beyond what a `float32` holds
 */
export function formatFloat32(value: number): string {
  const single = Math.fround(value);
  if (single === 0) return "0";
  for (let digits = 1; digits < 9; digits++) {
    const short = Number(value.toPrecision(digits));
    if (Math.fround(short) === single) return notation(short);
  }
  // Nine digits of the float32 itself always read back as it.
  return notation(Number(single.toPrecision(9)));
}

/** Go turns to an exponent below 0.0001 and from 1e21 on, and gives it two digits at least. */
function notation(value: number): string {
  const magnitude = Math.abs(value);
  if (magnitude >= 1e-4 && magnitude < 1e21) return `${value}`;
  return value.toExponential().replace(/e([+-])(\d)$/, "e$10$2");
}
