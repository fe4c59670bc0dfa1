/** A time as FTP servers tell it. */
export interface FtpTime {
  /** Milliseconds since the epoch, UTC. */
  readonly time: number;
  /** Whether fractions of a second were told. */
  readonly fractions: boolean;
}

const TIME_VAL = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\.\d{1,9})?$/;

/**
 * Reads a `time-val` (RFC 3659 §2.3): `20231114221320` or `20231114221320.123`, always UTC.
 *
 * @param text the time and nothing else
 * @returns `null` when it is no time, or there is no such day
 */
export function parseFtpTime(text: string): FtpTime | null {
  const match = TIME_VAL.exec(text);
  if (match === null) return null;
  const [year, month, day, hour, minute, second] = match.slice(1, 7).map(Number);
  const start = utcTime(year!, month!, day!, hour!, minute!, second!);
  if (start === null) return null;
  const fraction = match[7];
  // What is finer than a millisecond is cut off, as it is from the source's times.
  const milliseconds = fraction === undefined ? 0 : Number(fraction.slice(1, 4).padEnd(3, "0"));
  return { time: start + milliseconds, fractions: fraction !== undefined };
}

/**
 * Milliseconds since the epoch of a moment in UTC.
 *
 * @param month 1 to 12
 * @returns `null` when the calendar has no such moment; a leap second is one
 */
export function utcTime(
  year: number,
  month: number,
  day: number,
  hour: number,
  minute: number,
  second: number,
): number | null {
  if (year < 1 || hour > 23 || minute > 59 || second > 60) return null;
  const date = new Date(0);
  // Date.UTC() takes years below 100 for the twentieth century.
  date.setUTCFullYear(year, month - 1, day);
  if (date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) return null;
  return date.getTime() + ((hour * 60 + minute) * 60 + second) * 1000;
}
