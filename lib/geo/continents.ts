/** Codes of the continents, as GeoIP databases write them. */
export const CONTINENTS: ReadonlySet<string> = new Set(["AF", "AN", "AS", "EU", "NA", "OC", "SA"]);
