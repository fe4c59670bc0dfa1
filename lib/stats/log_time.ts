/**
 * Makes a writer of the times in the download log. It remembers the last second, since a busy server
 * asks for the same one thousands of times.
 *
 * @returns a function from milliseconds since the epoch, perhaps with a fraction, to
 *   `2026/11/22 15:04:05.123456` in UTC
 */
export function createLogTime(): (time: number) => string {
  let lastSecond = NaN;
  let prefix = "";
  return (time) => {
    const second = Math.floor(time / 1000);
    if (second !== lastSecond) {
      lastSecond = second;
      prefix = new Date(second * 1000).toISOString().slice(0, 19).replaceAll("-", "/")
        .replace("T", " ");
    }
    const microseconds = Math.floor((time - second * 1000) * 1000);
    return `${prefix}.${String(microseconds).padStart(6, "0")}`;
  };
}
