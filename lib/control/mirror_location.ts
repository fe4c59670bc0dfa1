import { hostnameOf } from "../catalog/mirror_url.ts";
import type { GeoResolver } from "../geoip/resolver.ts";
import type { MirrorLocation } from "./api/mirror_schemas.ts";
import { ControlError } from "./api/control_error.ts";
import type { MirrorSettings } from "../catalog/settings/mirror_settings.ts";

/** What came out of looking a mirror up. */
export interface LocationResult {
  /** `null`: the place is unknown. */
  readonly location: MirrorLocation | null;
  /** 0 when unknown; may be known where the place is not. */
  readonly asNumber: number;
  readonly warnings: readonly string[];
}

/** What whoever adds a mirror whose place cannot be found is told. */
export const PLACE_UNKNOWN = "unable to guess the geographic location of this mirror: " +
  "say where it is, with -latitude, -longitude, -continent-code and -country-codes of add, or the keys Latitude, Longitude, ContinentCode and CountryCodes of edit; one without a place is -global";

/** What to do where a host cannot be looked up. */
const NOT_LOOKED_UP =
  "; with -latitude, -longitude, -continent-code, -country-codes and -as-number, or with -global, it is not looked up";

/** Finds the addresses of a host; an address stands for itself. */
export type HostResolver = (hostname: string) => Promise<readonly string[]>;

/**
 * Looks up where a mirror stands, by the first known address of its host.
 *
 * @param httpUrl the mirror's base URL, with or without scheme and port
 * @throws {ControlError} `invalid` when the host has no address
 */
export async function locateMirror(
  httpUrl: string,
  { geo, resolveHost }: { readonly geo: GeoResolver; readonly resolveHost: HostResolver },
): Promise<LocationResult> {
  const hostname = hostnameOf(httpUrl) ?? "";
  const addresses = await addressesOf(hostname, resolveHost);
  const warnings: string[] = [];
  if (addresses.length > 1) {
    warnings.push(
      `${hostname} has ${addresses.length} addresses; they are taken to be in one place`,
    );
  }
  const records = addresses.map((address) => geo.resolve(address)).filter((one) => one !== null);
  const record = records.find(({ located }) => located) ?? records[0];
  const asNumber = record?.asNumber ?? 0;
  if (!record?.located) return { location: null, asNumber, warnings };
  const { latitude, longitude, continentCode, countryCode, country, asName } = record;
  return {
    location: { latitude, longitude, continentCode, countryCode, country, asNumber, asName },
    asNumber,
    warnings,
  };
}

/** The settings that follow from a place. */
export function locationSettings({ location, asNumber }: LocationResult): Partial<MirrorSettings> {
  if (!location) return { asNumber };
  const { latitude, longitude, continentCode, countryCode } = location;
  const countryCodes = countryCode === "" ? [] : [countryCode];
  return { latitude, longitude, continentCode, countryCodes, asNumber };
}

async function addressesOf(
  hostname: string,
  resolveHost: HostResolver,
): Promise<readonly string[]> {
  let addresses: readonly string[];
  try {
    addresses = await resolveHost(hostname);
  } catch (cause) {
    throw new ControlError(
      "invalid",
      `IP lookup failed: "${hostname}" cannot be resolved${NOT_LOOKED_UP}`,
      {},
      {
        cause,
      },
    );
  }
  if (addresses.length > 0) return addresses;
  throw new ControlError(
    "invalid",
    `IP lookup failed: "${hostname}" has no address${NOT_LOOKED_UP}`,
  );
}
