/** What a database knows: cities, countries alone, or networks. */
export type DatabaseKind = "city" | "country" | "network";

/**
 * Tells what a database knows by the name of its type: `GeoLite2-City`, `DBIP-ASN-Lite`.
 *
 * @returns `null`: the name does not say
 */
export function kindOf(type: string): DatabaseKind | null {
  if (/city|location|enterprise/i.test(type)) return "city";
  // The country database of IPtoASN has both words.
  if (/countr/i.test(type)) return "country";
  return /asn|isp\b|network/i.test(type) ? "network" : null;
}
