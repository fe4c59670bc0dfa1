/** The last three digits of a time in microseconds. */
const THREE_DIGITS = Array.from({ length: 1000 }, (_, number) => String(number).padStart(3, "0"));

/**
 * Makes a writer of the times in the download log. It remembers the last millisecond, since a busy
 * server asks for the same one many times.
 *
 * @returns a function from milliseconds since the epoch, perhaps with a fraction, to
 *   `2026/11/22 15:04:05.123456` in UTC
 */
export function createLogTime(): (time: number) => string {
  let lastMillisecond = NaN;
  let prefix = "";
  return (time) => {
    const millisecond = Math.floor(time);
    if (millisecond !== lastMillisecond) {
      lastMillisecond = millisecond;
      prefix = new Date(millisecond).toISOString().slice(0, 23).replaceAll("-", "/")
        .replace("T", " ");
    }
    return prefix + THREE_DIGITS[Math.floor((time - millisecond) * 1000)]!;
  };
}
