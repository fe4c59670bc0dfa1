/** Bytes between which the size of a file lies that a listing shows rounded; both ends count. */
export interface SizeInterval {
  readonly low: number;
  readonly high: number;
}

/** Intervals wider than this, in bytes, prove nothing. */
const WEAK = 1024 * 1024;

const UNITS = ["K", "M", "G", "T", "P"];

/**
 * Reads a size as a listing shows it. Whether a server rounds, cuts off or rounds up, the truth is within
 * one unit of the last digit.
 *
 * @param text `1234`, `1,234 bytes`, `120B`, `1.5K`, `10 MiB`
 * @param general whether the server is not known, so that a unit may count 1000 or 1024
 * @returns `null` when it tells nothing
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(parseSizeInterval("10K", false), { low: 9216, high: 11264 });
 * assertEquals(parseSizeInterval("725,946 bytes", false), { low: 725946, high: 725946 });
 * ```
 */
export function parseSizeInterval(text: string, general: boolean): SizeInterval | null {
  const plain = text.replaceAll(/\s/gu, " ").trim();
  const [, digits, unit = ""] = /^([\d][\d.,']*) ?([a-z]*)$/i.exec(plain) ?? [];
  if (digits === undefined) return null;
  const [, letter, rest] = /^([kmgtp])(ib|b)?$/i.exec(unit) ?? [];
  if (letter === undefined) {
    if (unit !== "" && !/^(b|bytes?)$/i.test(unit)) return null;
    if (!/^\d+$|^\d{1,3}([,'.]\d{3})+$/.test(digits)) return null;
    const size = Number(digits.replaceAll(/\D/g, ""));
    return Number.isSafeInteger(size) ? { low: size, high: size } : null;
  }
  const number = digits.replace(/^(\d{1,3})(?:,(\d{3}))+(?=\.|$)/, (all) => all.replaceAll(",", ""))
    .replace(",", ".");
  if (!/^\d+(\.\d+)?$/.test(number)) return null;
  const power = UNITS.indexOf(letter.toUpperCase()) + 1;
  const last = 10 ** -(number.split(".")[1]?.length ?? 0);
  const either = general && rest?.toLowerCase() !== "ib";
  const low = Math.ceil((Number(number) - last) * (either ? 1000 : 1024) ** power);
  const high = Math.floor((Number(number) + last) * 1024 ** power);
  return Number.isSafeInteger(high) ? { low: Math.max(0, low), high } : null;
}

/** Whether a file of a size may be shown like that. @param shown `null`: nothing is shown */
export function maySize(shown: SizeInterval | null, size: number): boolean {
  return shown === null || (shown.low <= size && size <= shown.high);
}

/** Whether it proves nothing that a size lies there. @param shown `null`: nothing is shown */
export function isWeak(shown: SizeInterval | null): boolean {
  return shown === null || shown.high - shown.low > WEAK;
}

/** The end of an interval that is next to a size outside of it. */
export function nearestSize({ low, high }: SizeInterval, size: number): number {
  return size < low ? low : high;
}
