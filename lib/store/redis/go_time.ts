/** The text of a time that is not known: Go's zero time. */
export const UNKNOWN_TIME = "0001-01-01 00:00:00 +0000 UTC";

const PATTERN =
  /^(\d{4})-(\d\d)-(\d\d) (\d\d):(\d\d):(\d\d)(?:[.,](\d{1,9}))? ([+-])(\d\d)(\d\d)(?: [^ ]+)?(?: m=[+-]\d+(?:\.\d+)?)?$/;

/**
 * Reads a time as Go prints it: `2006-01-02 15:04:05.999999999 -0700 MST`, with a fraction of any
 * length or none, in any zone.
 *
 * @returns milliseconds since the epoch, cut (never rounded) to whole ones; `null` when the time is
 * unknown (Go's zero time, in whatever zone) or the text is none
 */
export function parseGoTime(text: string): number | null {
  const match = PATTERN.exec(text);
  if (!match) return null;
  const time = timeOf(match);
  if (time === null) return null;
  const offset = (Number(match[9]) * 60 + Number(match[10])) * 60_000;
  return match[8] === "-" ? time + offset : time - offset;
}

/**
 * Writes a time as Go prints it, in UTC: `2026-11-22 15:04:05.5 +0000 UTC`.
 *
 * @param time milliseconds since the epoch; `null`: unknown
 */
export function formatGoTime(time: number | null): string {
  if (time === null || !Number.isFinite(time)) return UNKNOWN_TIME;
  const date = new Date(Math.floor(time));
  const year = date.getUTCFullYear();
  // Go's own layout cannot read other years, and takes them for unknown as well.
  if (!(year > 1 && year <= 9999)) return UNKNOWN_TIME;
  const [day, rest] = date.toISOString().split("T") as [string, string];
  const fraction = rest.slice(8, 12).replace(/\.?0+$/, "");
  return `${day} ${rest.slice(0, 8)}${fraction} +0000 UTC`;
}

/**
 * Milliseconds of a matched date and time as if it were UTC. In the groups 1 to 7 are year, month, day,
 * hour, minute, second and fraction.
 *
 * @returns `null` for Go's zero time and for dates that do not exist
 */
function timeOf(match: RegExpExecArray): number | null {
  const [year, month, day, hour, minute, second] = match.slice(1, 7).map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  if (year <= 1 || hour > 23 || minute > 59 || second > 59) return null;
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  if (date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) return null;
  const fraction = Number((match[7] ?? "").slice(0, 3).padEnd(3, "0"));
  return date.getTime() + ((hour * 60 + minute) * 60 + second) * 1000 + fraction;
}
