import type { GeoOverride } from "../../config/config.ts";
import { COUNTRIES } from "../../geo/countries.ts";
import { type GeoRecord, NOWHERE } from "../../geo/geo_record.ts";
import type { GeoResolver } from "../../geoip/resolver.ts";
import { NetworkTable } from "../../net/network_table.ts";

/** Corrects what the databases say of some networks. The most specific network counts. */
export class GeoOverrides implements GeoResolver {
  readonly #geo: GeoResolver;
  readonly #table: NetworkTable<GeoOverride>;
  readonly #records = new WeakMap<GeoOverride, Map<GeoRecord | null, GeoRecord>>();

  /**
   * @param geo the databases
   * @param overrides as configured; of those for one network the first counts
   */
  constructor(geo: GeoResolver, overrides: readonly GeoOverride[]) {
    this.#geo = geo;
    this.#table = new NetworkTable(
      overrides.map((value) => ({ network: value.network, value })),
    );
  }

  /** See {@linkcode GeoResolver.resolve}; the same object for the same place. */
  resolve(address: string): GeoRecord | null {
    const record = this.#geo.resolve(address);
    const override = this.#table.find(address)?.values[0];
    if (override === undefined) return record;
    let known = this.#records.get(override);
    if (known === undefined) this.#records.set(override, known = new Map());
    let corrected = known.get(record);
    // Anybody may have an address of a wide network: what is kept of it stays small.
    if (corrected === undefined) {
      if (known.size >= 10_000) known.clear();
      known.set(record, corrected = correct(record ?? NOWHERE, override));
    }
    return corrected;
  }

  /** See {@linkcode GeoResolver.sourcesOf}. */
  sourcesOf(address: string): string[] {
    const sources = this.#geo.sourcesOf?.(address) ?? [];
    return this.#table.find(address) === null ? sources : [...sources, "GeoOverrides"];
  }
}

function correct(record: GeoRecord, override: GeoOverride): GeoRecord {
  const { country, asNumber, latitude, longitude } = override;
  const known = country === undefined ? undefined : COUNTRIES.get(country);
  // A place in another country than before is roughly the middle of that one.
  const moved = known !== undefined && known.code !== record.countryCode;
  return {
    ...record,
    ...(known === undefined ? {} : {
      countryCode: known.code,
      country: known.name,
      continentCode: known.continentCode,
    }),
    ...(moved
      ? { city: "", latitude: known.latitude, longitude: known.longitude, located: true }
      : {}),
    ...(latitude === undefined || longitude === undefined
      ? {}
      : { latitude, longitude, city: "", located: true }),
    ...(asNumber === undefined || asNumber === record.asNumber ? {} : { asNumber, asName: "" }),
  };
}
