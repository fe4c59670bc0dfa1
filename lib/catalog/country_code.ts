import { COUNTRIES } from "../geo/countries.ts";

/** What GeoIP databases give in place of a country: anonymous proxies, satellites, regions. */
const NO_COUNTRIES = ["A1", "A2", "AP", "EU", "O1"];

/**
 * Whether a GeoIP database can give such a code for a country (ISO 3166-1, Kosovo, and what stands for
 * none).
 *
 * @param code two characters in upper case
 */
export function isCountryCode(code: string): boolean {
  return COUNTRIES.has(code) || NO_COUNTRIES.includes(code);
}
