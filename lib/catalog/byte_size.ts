const UNITS = ["bytes", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"];

/**
 * Writes a number of bytes for people.
 *
 * @param bytes zero or more
 * @param least digits behind the point below 1 KiB, where pages have none and the command line one
 * @returns `512 bytes`, `1.5 KiB`
 */
export function byteSize(bytes: number, least: 0 | 1 = 0): string {
  let value = bytes;
  let unit = 0;
  while (value >= 1024 && unit < UNITS.length - 1) {
    value /= 1024;
    unit++;
  }
  return `${value.toFixed(unit === 0 ? least : 1)} ${UNITS[unit]}`;
}
