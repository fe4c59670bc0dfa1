import type { MirrorRecord } from "../catalog/mirror_state.ts";
import { utcDay } from "../clock/utc_day.ts";
import { daysOfMonth } from "../stats/quota.ts";
import type { Store } from "../store/store.ts";
import type { QuotasJson } from "./api/quota_schemas.ts";

const DAY = 86_400_000;

/** Days whose mean is the pace. */
const PACE_DAYS = 7;

/**
 * Tells what mirrors have used of their quotas, in redirected bytes over all nodes.
 *
 * @param store counts by day
 * @param now milliseconds since the epoch
 * @returns those that have a limit, by name
 * @throws StoreUnavailableError
 */
export async function quotasOf(
  store: Pick<Store, "mirrors" | "mirrorDownloads">,
  now: number,
): Promise<QuotasJson["mirrors"]> {
  const mirrors = (await store.mirrors()).filter(({ maxDay, maxMonth }) => maxDay + maxMonth > 0)
    .sort((a, b) => a.name < b.name ? -1 : 1);
  if (mirrors.length === 0) return [];
  const today = await store.mirrorDownloads([utcDay(now)]);
  const before = await store.mirrorDownloads(
    Array.from({ length: PACE_DAYS }, (_, index) => utcDay(now - (index + 1) * DAY)),
  );
  const months = new Map<number, Awaited<ReturnType<typeof store.mirrorDownloads>>>();
  for (const { monthStarts } of mirrors) {
    if (months.has(monthStarts)) continue;
    months.set(monthStarts, await store.mirrorDownloads(daysOfMonth(now, monthStarts)));
  }
  return mirrors.map((mirror) => {
    const { id, name, maxDay, maxMonth, monthStarts } = mirror;
    const usedToday = today.get(id)?.bytes ?? 0;
    const pace = (before.get(id)?.bytes ?? 0) / PACE_DAYS;
    const usedOfMonth = months.get(monthStarts)?.get(id)?.bytes ?? 0;
    return {
      id,
      name,
      day: maxDay === 0 ? null : { used: usedToday, limit: maxDay },
      month: maxMonth === 0 ? null : {
        used: usedOfMonth,
        limit: maxMonth,
        since: daysOfMonth(now, monthStarts)[0]!,
        full: fullOn(mirror, usedOfMonth, usedToday, pace, now),
      },
    };
  });
}

/** The day on which a month's quota is full at that pace; `null`: not before it starts anew. */
function fullOn(
  { maxMonth, monthStarts }: MirrorRecord,
  used: number,
  usedToday: number,
  pace: number,
  now: number,
): string | null {
  if (used >= maxMonth) return utcDay(now);
  if (pace === 0) return null;
  // Today may still bring what is missing to a day of that pace.
  let left = maxMonth - used - Math.max(0, pace - usedToday);
  let day = now;
  while (left > 0) {
    day += DAY;
    if (daysOfMonth(day, monthStarts).length === 1) return null;
    left -= pace;
  }
  return utcDay(day);
}
