import { type MmdbValue, writeMmdb } from "../support/mmdb_writer.ts";

/** A client, and what the databases say of it. */
interface Client {
  readonly address: string;
  readonly network: string;
  readonly country: string;
  readonly continent: string;
  readonly city?: string;
  readonly latitude: number;
  readonly longitude: number;
  readonly asNumber?: number;
  /** Whether several mirrors are near enough that the first one is drawn by lot. */
  readonly drawn?: true;
}

/** Clients around the world; that of `nowhere` is in no database. */
export const CLIENTS = {
  gb: {
    address: "81.2.69.160",
    network: "81.2.69.0/24",
    country: "GB",
    continent: "EU",
    city: "London",
    latitude: 51.5142,
    longitude: -0.0931,
    asNumber: 64501,
  },
  se: {
    address: "89.160.20.112",
    network: "89.160.20.0/24",
    country: "SE",
    continent: "EU",
    city: "Linköping",
    latitude: 58.4167,
    longitude: 15.6167,
    asNumber: 29518,
  },
  us: {
    address: "216.160.83.56",
    network: "216.160.83.0/24",
    country: "US",
    continent: "NA",
    city: "Milton",
    latitude: 47.2513,
    longitude: -122.3149,
    asNumber: 209,
  },
  cn: {
    address: "175.16.199.1",
    network: "175.16.199.0/24",
    country: "CN",
    continent: "AS",
    latitude: 43.88,
    longitude: 125.3228,
    asNumber: 64999,
  },
  fr: {
    address: "2a02:cfc0::1",
    network: "2a02:cfc0::/32",
    country: "FR",
    continent: "EU",
    latitude: 46.5,
    longitude: 2.5,
    drawn: true,
  },
  jp: {
    address: "2001:218::1",
    network: "2001:218::/32",
    country: "JP",
    continent: "AS",
    latitude: 35.68536,
    longitude: 139.75309,
    drawn: true,
  },
  nowhere: {
    address: "10.1.2.3",
    network: "",
    country: "",
    continent: "",
    latitude: 0,
    longitude: 0,
    drawn: true,
  },
} as const satisfies Record<string, Client>;

/** Name of one of the clients. */
export type ClientName = keyof typeof CLIENTS;
export const CLIENT_NAMES = Object.keys(CLIENTS) as ClientName[];

/** A mirror's settings by the names that the command line uses; each differs from the defaults. */
export const MIRRORS = {
  gb: {
    Latitude: "51.5142",
    Longitude: "-0.0931",
    ContinentCode: "EU",
    CountryCodes: "GB IE",
    ASNum: "64501",
    Score: "10",
  },
  se: {
    Latitude: "58.4167",
    Longitude: "15.6167",
    ContinentCode: "EU",
    CountryCodes: "SE NO",
    ASNum: "29518",
    SponsorName: "A Sponsor",
    SponsorURL: "http://sponsor.example.org/",
  },
  us: {
    Latitude: "47.2513",
    Longitude: "-122.3149",
    ContinentCode: "NA",
    CountryCodes: "US",
    ASNum: "209",
    CustomData: "custom",
  },
  cn: {
    Latitude: "43.88",
    Longitude: "125.3228",
    ContinentCode: "AS",
    CountryCodes: "CN",
    ASNum: "64502",
    CountryOnly: "true",
  },
  de: {
    Latitude: "51.5",
    Longitude: "10.5",
    ContinentCode: "EU",
    CountryCodes: "DE FR",
    ASNum: "64503",
    ContinentOnly: "true",
    ExcludedCountryCodes: "GB",
  },
} as const satisfies Record<string, Readonly<Record<string, string>>>;

/** Name of one of the mirrors. */
export type MirrorName = keyof typeof MIRRORS;
export const MIRROR_NAMES = Object.keys(MIRRORS) as MirrorName[];

/** Writes the two databases that both programs look for. */
export async function writeGeoDatabases(directory: string): Promise<void> {
  const cities: Record<string, MmdbValue> = {};
  const systems: Record<string, MmdbValue> = {};
  for (const client of Object.values<Client>(CLIENTS)) {
    const { network, country, continent, city, latitude, longitude, asNumber } = client;
    if (network === "") continue;
    cities[network] = {
      continent: { code: continent },
      country: { iso_code: country, names: { en: `Country ${country}` } },
      location: { latitude, longitude },
      ...(city === undefined ? {} : { city: { names: { en: city } } }),
    };
    if (asNumber === undefined) continue;
    systems[network] = {
      autonomous_system_number: asNumber,
      autonomous_system_organization: `AS of ${country}`,
    };
  }
  const write = async (type: string, networks: Record<string, MmdbValue>): Promise<void> => {
    await Deno.writeFile(`${directory}/${type}.mmdb`, writeMmdb({ type, networks }));
  };
  await Deno.mkdir(directory, { recursive: true });
  await write("GeoLite2-City", cities);
  await write("GeoLite2-ASN", systems);
}
