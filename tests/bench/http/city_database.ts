import { seededRandom } from "../../selection/fixtures.ts";
import { type MmdbValue, writeMmdb } from "../../support/mmdb_writer.ts";

/** Bytes of a database of cities as it is published. */
const SIZE = 66_000_000;

/** What stands before the metadata of a MaxMind DB file. */
const MARKER = new Uint8Array([0xab, 0xcd, 0xef, ...new TextEncoder().encode("MaxMind.com")]);

/** A country, its continent, and its middle. */
export type Country = readonly [
  country: string,
  continent: string,
  latitude: number,
  longitude: number,
];

/**
 * Writes a database of cities as large as a published one, that knows a place of its own for each of
 * the 57 088 networks 1.0.0.0/16 to 223.255.0.0/16, in the given countries in turn.
 *
 * @param directory where `GeoLite2-City.mmdb` is to be
 * @param countries where the cities are
 */
export async function writeCityDatabase(
  directory: string,
  countries: readonly Country[],
): Promise<void> {
  const random = seededRandom(7);
  const networks: Record<string, MmdbValue> = {};
  for (let network = 0; network < 223 * 256; network++) {
    const index = Math.floor(random() * countries.length);
    const [country, continent, latitude, longitude] = countries[index]!;
    networks[`${1 + (network >> 8)}.${network & 255}.0.0/16`] = {
      city: { geoname_id: network, names: { en: `City ${network}` } },
      continent: { code: continent, names: { en: continent } },
      country: { iso_code: country, names: { en: country } },
      location: {
        latitude: latitude + random() * 12 - 6,
        longitude: longitude + random() * 16 - 8,
      },
    };
  }
  const small = writeMmdb({ type: "GeoLite2-City", networks, recordSize: 28 });
  const metadata = small.subarray(startOfMetadata(small));
  const bytes = new Uint8Array(SIZE);
  bytes.set(small.subarray(0, small.length - metadata.length));
  bytes.set(metadata, SIZE - metadata.length);
  await Deno.writeFile(`${directory}/GeoLite2-City.mmdb`, bytes);
}

function startOfMetadata(bytes: Uint8Array): number {
  let start = bytes.length - MARKER.length;
  while (!MARKER.every((byte, index) => bytes[start + index] === byte)) start--;
  return start;
}
