import { COUNTRIES } from "../geo/countries.ts";
import { type GeoRecord, NOWHERE } from "../geo/geo_record.ts";
import type { GeoEntry } from "./mmdb_database.ts";

/**
 * Puts together what the databases say about an address, whichever layout they have: MaxMind's, with
 * maps in maps (`country.iso_code`, `city.names.en`), or a flat one (`country_code`, `city`). Where
 * they name a country and no place in it, the middle of the country stands for it.
 *
 * @param place entry of a city or country database
 * @param network entry of an AS database; without one, the AS is taken from `place` if it is there
 * @returns `null` when both say nothing
 */
export function geoRecord(place: GeoEntry | null, network: GeoEntry | null): GeoRecord | null {
  const where = place ? placeOf(place) : NOWHERE;
  let as = network ? autonomousSystemOf(network) : NO_AS;
  if (as.asNumber === 0 && place) as = autonomousSystemOf(place);
  const { countryCode, country, continentCode, city, latitude, longitude, located } = where;
  const { asNumber, asName } = as;
  if (countryCode === "" && continentCode === "" && asNumber === 0) return null;
  // Spread from two objects, it would take half as much memory again, and there is one for each client.
  return {
    countryCode,
    country,
    continentCode,
    city,
    latitude,
    longitude,
    located,
    asNumber,
    asName,
  };
}

type Place = Omit<GeoRecord, "asNumber" | "asName">;

const NO_AS = { asNumber: 0, asName: "" };

function placeOf(entry: GeoEntry): Place {
  const country = map(entry.country);
  const continent = map(entry.continent);
  const location = map(entry.location);
  const countryCode = code(country.iso_code, entry.country_code, entry.country);
  const known = COUNTRIES.get(countryCode);
  const latitude = degrees(90, location.latitude, entry.latitude, entry.lat);
  const longitude = degrees(180, location.longitude, entry.longitude, entry.lng, entry.lon);
  const exact = latitude !== null && longitude !== null;
  const located = countryCode !== "" && (exact || known !== undefined);
  return {
    countryCode,
    country: text(map(country.names).en, entry.country_name, longName(entry.country)) ||
      (known?.name ?? ""),
    continentCode: code(continent.code, entry.continent_code, entry.continent) ||
      (known?.continentCode ?? ""),
    city: text(map(map(entry.city).names).en, entry.city, entry.city_name),
    latitude: !located ? 0 : exact ? latitude : known?.latitude ?? 0,
    longitude: !located ? 0 : exact ? longitude : known?.longitude ?? 0,
    located,
  };
}

function autonomousSystemOf(entry: GeoEntry): typeof NO_AS {
  const traits = map(entry.traits);
  const asNumber = [
    entry.autonomous_system_number,
    traits.autonomous_system_number,
    entry.as_number,
    entry.asn,
  ].map(systemNumber).find((number) => number > 0) ?? 0;
  if (asNumber === 0) return NO_AS;
  const asName = text(
    entry.autonomous_system_organization,
    traits.autonomous_system_organization,
    entry.as_organization,
    entry.as_name,
    entry.as_org,
    entry.organization,
  );
  return { asNumber, asName };
}

function map(value: unknown): GeoEntry {
  return typeof value === "object" && value !== null ? value as GeoEntry : {};
}

/** The first that is text and not empty. */
function text(...values: unknown[]): string {
  return values.find((value): value is string => typeof value === "string" && value !== "") ?? "";
}

/** The first that is a code of two letters, in upper case; not `ZZ`, which says unknown. */
function code(...values: unknown[]): string {
  const found = values.find((value): value is string =>
    typeof value === "string" && /^[a-z]{2}$/i.test(value)
  )?.toUpperCase();
  return found === undefined || found === "ZZ" ? "" : found;
}

/** Some layouts have the country's name where others have its code. */
function longName(value: unknown): unknown {
  return typeof value === "string" && value.length > 2 ? value : "";
}

/** The first that is an angle within its bounds; some layouts write angles as text. */
function degrees(limit: number, ...values: unknown[]): number | null {
  for (const value of values) {
    const angle = typeof value === "string" && value !== "" ? Number(value) : value;
    if (typeof angle === "number" && Math.abs(angle) <= limit) return angle;
  }
  return null;
}

/** Reads an AS number, perhaps written as `AS64496`; 0 when it is none (RFC 6793: 32 bits). */
function systemNumber(value: unknown): number {
  const number = typeof value === "string" ? Number(value.replace(/^AS/i, "") || NaN) : value;
  return typeof number === "number" && Number.isInteger(number) && number > 0 && number < 2 ** 32
    ? number
    : 0;
}
