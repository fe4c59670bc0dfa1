import type { LoadedDatabases } from "./load_databases.ts";

/** Milliseconds from which on a database is old: the free ones come monthly, or more often. */
const OLD = 60 * 86_400_000;

/**
 * Names the databases that somebody should have replaced; not the embedded one, which nobody can.
 *
 * @param databases those in use
 * @param now milliseconds since the epoch
 * @returns `GeoLite2-City is 75 days old`, one each
 */
export function oldDatabases(databases: LoadedDatabases | null, now: number): string[] {
  const { place = null, network = null } = databases ?? {};
  return [place, network].flatMap((database) => {
    if (database === null || database.stamp === null || now - database.buildTime <= OLD) return [];
    const days = Math.floor((now - database.buildTime) / 86_400_000);
    return [`${database.type} is ${days} days old`];
  });
}
