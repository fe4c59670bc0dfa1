const UNITS = [["days", 86_400_000], ["h", 3_600_000], ["min", 60_000]] as const;

/**
 * Writes a span of time coarsely: `11 min`, `2 h`, `9 days`; below a minute `0 min`.
 *
 * @param milliseconds not below 0
 */
export function formatSpan(milliseconds: number): string {
  // Two days are the first that read better as days.
  const [unit, length] =
    UNITS.find(([name, size]) => milliseconds >= size * (name === "days" ? 2 : 1)) ?? UNITS[2];
  return `${Math.floor(milliseconds / length)} ${unit}`;
}
