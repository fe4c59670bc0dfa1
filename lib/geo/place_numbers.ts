import { COUNTRIES } from "./countries.ts";

/** Codes of the continents, as GeoIP databases write them. */
export const CONTINENTS: ReadonlySet<string> = new Set(["AF", "AN", "AS", "EU", "NA", "OC", "SA"]);

/** Codes of continents by number; empty, the first: unknown. */
export const NUMBERED_CONTINENTS: readonly string[] = ["", ...CONTINENTS];

/** Codes of countries by number; empty, the first: unknown. */
export const NUMBERED_COUNTRIES: readonly string[] = ["", ...COUNTRIES.keys()];

const CONTINENT_NUMBERS = numbered(NUMBERED_CONTINENTS);
const COUNTRY_NUMBERS = numbered(NUMBERED_COUNTRIES);

/** The number of a continent, for those who count. @returns 0: nobody knows it */
export function continentNumber(code: string): number {
  return CONTINENT_NUMBERS.get(code) ?? 0;
}

/** The number of a country, for those who count. @returns 0: nobody knows it */
export function countryNumber(code: string): number {
  return COUNTRY_NUMBERS.get(code) ?? 0;
}

function numbered(codes: readonly string[]): ReadonlyMap<string, number> {
  return new Map(codes.map((code, number) => [code, number]));
}
