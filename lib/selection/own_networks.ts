import { parseAddressRange } from "../net/address_range.ts";
import { NetworkTable } from "../net/network_table.ts";
import type { PreparedMirror } from "./prepared_mirror.ts";

/** The networks of all mirrors in one table, which is made anew only when one of them changes. */
export class OwnNetworks {
  #table = new NetworkTable<number>([]);
  #known = "[]";

  /** The mirrors' networks, with their IDs. */
  get table(): NetworkTable<number> {
    return this.#table;
  }

  /**
   * Takes the mirrors as they are now.
   *
   * @returns whether the table is another one
   */
  take(mirrors: ReadonlyMap<number, PreparedMirror>): boolean {
    const own = [...mirrors.values()].filter(({ record }) => record.networks.length > 0)
      .map(({ record }) => [record.id, record.networks] as const);
    const text = JSON.stringify(own);
    if (text === this.#known) return false;
    this.#known = text;
    this.#table = new NetworkTable(
      own.flatMap(([value, networks]) =>
        networks.filter((network) => parseAddressRange(network) !== null)
          .map((network) => ({ network, value }))
      ),
    );
    return true;
  }
}
