/** What a quantity counts. */
export type QuantityUnit = "bytes" | "bits";

/** Words and what they stand for; of those that say the same the first is written. */
const UNITS: Record<QuantityUnit, readonly (readonly [word: string, size: number])[]> = {
  bytes: [
    ["PB", 1e15],
    ["PiB", 2 ** 50],
    ["TB", 1e12],
    ["TiB", 2 ** 40],
    ["GB", 1e9],
    ["GiB", 2 ** 30],
    ["MB", 1e6],
    ["MiB", 2 ** 20],
    ["kB", 1e3],
    ["KiB", 2 ** 10],
  ],
  bits: [["Tbit", 1e12], ["Gbit", 1e9], ["Mbit", 1e6], ["kbit", 1e3]],
};

/**
 * Reads a quantity: a number, or one with a unit (`25TB`, `1.5 GiB`, `100Mbit`), in any case.
 *
 * @param text what somebody wrote
 * @param unit what a number without a unit counts
 * @returns whole bytes or bits, 0 or more; `null`: it is none
 */
export function parseQuantity(text: string, unit: QuantityUnit): number | null {
  const [, digits, word = ""] = /^\s*(\d+(?:\.\d+)?)\s*([a-z]*)(?:\/s)?\s*$/i.exec(text) ?? [];
  if (digits === undefined) return null;
  const wanted = word.toLowerCase();
  const size = ["", unit === "bytes" ? "b" : "bit"].includes(wanted)
    ? 1
    : UNITS[unit].find(([name]) => name.toLowerCase() === wanted)?.[1];
  if (size === undefined) return null;
  const product = Number(digits) * size;
  // A tenth has no exact double: 0.1 × 1000 must be 100 all the same.
  const value = digits.includes(".") ? Number(product.toPrecision(15)) : product;
  return Number.isSafeInteger(value) ? value : null;
}

/**
 * Writes a quantity in the largest unit of which it is a whole number, so that it reads as it was given.
 *
 * @param value whole bytes or bits
 * @param unit what it counts
 */
export function formatQuantity(value: number, unit: QuantityUnit): string {
  const fitting = UNITS[unit].find(([, size]) => value >= size && value % size === 0);
  return fitting ? `${value / fitting[1]}${fitting[0]}` : `${value}`;
}
