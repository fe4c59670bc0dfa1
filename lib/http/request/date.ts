/** The three forms of RFC 9110 §5.6.7; the second and third are obsolete and still to be read. */
const FORMS = [
  /^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/,
  /^[A-Z][a-z]{5,8}, \d{2}-[A-Z][a-z]{2}-\d{2} \d{2}:\d{2}:\d{2} GMT$/,
  /^[A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d \d{2}:\d{2}:\d{2} \d{4}$/,
];

/**
 * Reads an HTTP date.
 *
 * @param text the date, in any of the three forms of RFC 9110 §5.6.7
 * @returns milliseconds since the epoch; `null` when it is no such date
 */
export function parseHttpDate(text: string): number | null {
  const form = FORMS.findIndex((pattern) => pattern.test(text));
  if (form < 0) return null;
  // The third form has no zone, and would be read as local time.
  const time = Date.parse(form === 2 ? `${text} GMT` : text);
  // A day that does not exist would be read as one of the next month.
  const exists = new Date(time).getUTCDate() === Number(/\d+/.exec(text)![0]);
  return exists ? time : null;
}

/**
 * Writes a time as an HTTP date (RFC 9110 §5.6.7).
 *
 * @param time milliseconds since the epoch
 * @returns `Tue, 14 Nov 2023 23:13:20 GMT`
 */
export function formatHttpDate(time: number): string {
  return new Date(time).toUTCString();
}
