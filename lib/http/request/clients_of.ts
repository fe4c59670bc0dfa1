import type { GeoResolver } from "../../geoip/resolver.ts";
import type { NetworkTable } from "../../net/network_table.ts";
import { Clients } from "./clients.ts";
import type { HttpConfig } from "./config.ts";
import { Forwarding } from "./forwarding.ts";
import { GeoOverrides } from "./geo_overrides.ts";

/**
 * Makes what knows clients, as the operator configured.
 *
 * @param config corrections of the databases, and whom to believe
 * @param geo the databases
 * @param networks the mirrors' own, with their IDs, and those of rules
 * @param seed of the words of addresses; default: nobody needs them
 */
export function clientsOf(
  config: HttpConfig,
  geo: GeoResolver,
  networks: NetworkTable<number>,
  seed: number | null = null,
): Clients {
  const { geoOverrides } = config;
  const corrected = geoOverrides.length === 0 ? geo : new GeoOverrides(geo, geoOverrides);
  const families = config.ipFamilies !== "ignore";
  return new Clients(corrected, networks, new Forwarding(config), families, seed);
}
