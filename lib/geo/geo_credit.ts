/** Whom pages have to name for the data that they are made with. */
export interface GeoCredit {
  /** In the words that the maker asks for. */
  readonly text: string;
  /** The maker's page. */
  readonly url: string;
  /** Its short name. */
  readonly licence: string;
  /** Where the licence stands. */
  readonly licenceUrl: string;
}

const DBIP: GeoCredit = {
  text: "IP Geolocation by DB-IP",
  url: "https://db-ip.com",
  licence: "CC BY 4.0",
  licenceUrl: "https://creativecommons.org/licenses/by/4.0/",
};

/**
 * Tells whom the licence of a GeoIP database wants named where its data are used.
 *
 * @param type of the database, as its maker names it
 * @returns `null`: nobody
 */
export function creditOf(type: string): GeoCredit | null {
  return /^DBIP-.*Lite/i.test(type) ? DBIP : null;
}
