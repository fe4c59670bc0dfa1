/** What a database is for: to tell the place of an address, or the AS of its network. */
export type DatabaseRole = "place" | "network";

/**
 * File names without `.mmdb`, best first. The names of MaxMind's free databases go first, since they
 * are the documented ones; then cities before countries.
 */
const NAMES: Readonly<Record<DatabaseRole, readonly string[]>> = {
  place: [
    "GeoLite2-City",
    "GeoIP2-City",
    "GeoIP2-Enterprise",
    "dbip-city",
    "dbip-city-lite",
    "GeoLite2-Country",
    "GeoIP2-Country",
    "dbip-country",
    "dbip-country-lite",
    "geo-whois-asn-country",
    "iptoasn-country",
  ],
  network: [
    "GeoLite2-ASN",
    "GeoIP2-ISP",
    "dbip-isp",
    "dbip-asn",
    "dbip-asn-lite",
    "asn",
  ],
};

/** Names of the databases that the daemon fetched itself, in a directory of their own. */
export const FETCHED_NAMES: Readonly<Record<DatabaseRole, string>> = {
  place: "city.mmdb",
  network: "asn.mmdb",
};

/**
 * Finds the files of a directory that can serve a role.
 *
 * @param role what the database is for
 * @param files names of the files in the directory
 * @returns the files of each name, best first: `NAME.mmdb.updated` goes before `NAME.mmdb`, and of
 *   names with a month (`dbip-city-lite-2026-11.mmdb`) the newest goes first
 */
export function databaseCandidates(role: DatabaseRole, files: readonly string[]): string[][] {
  return NAMES[role].flatMap((name) => {
    const pattern = new RegExp(`^${name}(?:-\\d{4}-\\d{2})?\\.mmdb(?:\\.updated)?$`);
    // Backwards by code unit: ".updated" before nothing, "-2026-11" before "-2026-10"; the bare name,
    // whose "." sorts after "-", before those with a month.
    const found = files.filter((file) => pattern.test(file)).sort().reverse();
    return found.length === 0 ? [] : [found];
  });
}
