/** Entries of a header that are read; nobody has that many wishes. */
const MOST = 32;

/** A weight (RFC 9110 §12.4.2); also one without a 0 before the dot, or with many digits, as some clients send. */
const WEIGHT = /^(?:[01]\.?|[01]?\.\d+)$/;

/**
 * Reads a header that gives weights (RFC 9110 §12.4.2), such as Accept or Accept-Encoding.
 *
 * @param header as received
 * @returns names in lower case → weight, 0 (not wanted) to 1 (the default); the last of equal names
 *   counts; an entry whose weight is none, as `q=abc` or `q=2`, is as if it were not there
 */
export function readWeights(header: string): Map<string, number> {
  const weights = new Map<string, number>();
  for (const part of header.split(",", MOST)) {
    const [name = "", ...parameters] = part.toLowerCase().split(";");
    const written = parameters.map((text) => /^\s*q\s*(?:=|$)(.*)$/.exec(text)?.[1]?.trim())
      .find((text) => text !== undefined);
    if (written !== undefined && !(WEIGHT.test(written) && Number(written) <= 1)) continue;
    weights.set(name.trim(), written === undefined ? 1 : Number(written));
  }
  return weights;
}
