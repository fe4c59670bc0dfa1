/** Entries of a header that are read; nobody has that many wishes. */
const MOST = 32;

/**
 * Reads a header that gives weights (RFC 9110 §12.4.2), such as Accept or Accept-Encoding.
 *
 * @param header as received
 * @returns names in lower case → weight, 0 (not wanted) to 1 (the default); the last of equal names
 *   counts; a weight that cannot be read is 0
 */
export function readWeights(header: string): Map<string, number> {
  const weights = new Map<string, number>();
  for (const part of header.split(",", MOST)) {
    const [name = "", ...parameters] = part.toLowerCase().split(";");
    const weight = parameters.map((text) => /^\s*q=([\d.]+)\s*$/.exec(text)?.[1]).find(Boolean);
    weights.set(name.trim(), weight === undefined ? 1 : Math.min(1, Number(weight) || 0));
  }
  return weights;
}
