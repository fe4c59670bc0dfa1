import { parseDuration } from "../lib/catalog/duration.ts";
import { UsageError } from "./flags.ts";

const DAY = 86_400_000;

/**
 * Reads a moment as people write it: `2026-12-01T02:00Z`, `02:00` (the next, in UTC), `+2h` (from now).
 *
 * @param text what was written
 * @param now milliseconds since the epoch
 * @returns milliseconds since the epoch
 * @throws {UsageError}
 */
export function readMoment(text: string, now: number): number {
  const written = text.trim();
  if (written.startsWith("+")) {
    const span = parseDuration(written.slice(1), "s");
    if (span !== null) return now + span * 1000;
  }
  const [, hours, minutes] = /^(\d{1,2}):(\d\d)$/.exec(written) ?? [];
  if (hours !== undefined && Number(hours) < 24 && Number(minutes) < 60) {
    const today = Math.floor(now / DAY) * DAY + (Number(hours) * 60 + Number(minutes)) * 60_000;
    return today > now ? today : today + DAY;
  }
  if (/^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d)?(Z|[+-]\d\d:\d\d)$/.test(written)) {
    const time = Date.parse(written);
    const [, month, day] = written.split("T")[0]!.split("-");
    // Date.parse() takes 31 November for the first of December.
    const days = new Date(Date.UTC(Number(written.slice(0, 4)), Number(month), 0)).getUTCDate();
    if (!Number.isNaN(time) && Number(day) <= days) return time;
  }
  throw new UsageError(
    `Expected a time such as 2026-12-01T02:00Z, 02:00 (UTC) or +2h, found "${text}"`,
  );
}
