import type { GeoCredit } from "../geo/geo_credit.ts";
import type { GeoRecord } from "../geo/geo_record.ts";

/** Port: finds out where an address is. */
export interface GeoResolver {
  /** Whom pages have to name for what it tells. Default: nobody. */
  readonly credit?: GeoCredit | null;
  /**
   * Looks an address up; synchronous, from memory.
   *
   * @param address IPv4 or IPv6 address in text form, without brackets or zone
   * @returns `null` when no database knows the address or it is no address
   */
  resolve(address: string): GeoRecord | null;
  /**
   * Names what tells where an address is; for people.
   *
   * @param address as for `resolve`
   * @returns names of databases, and of what corrects them; without this method nobody can tell
   */
  sourcesOf?(address: string): string[];
}
