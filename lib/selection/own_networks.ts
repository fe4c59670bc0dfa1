import { parseAddressRange } from "../net/address_range.ts";
import type { Mirror } from "../catalog/mirror.ts";
import { NetworkTable } from "../net/network_table.ts";
import { ruleNetworkId } from "./rule_set.ts";

/** The networks of all mirrors and of rules in one table, which is made anew only when one of them changes. */
export class OwnNetworks {
  #table = new NetworkTable<number>([]);
  #known = "[]";

  /** The mirrors' networks with their IDs, those of rules with numbers below 0. */
  get table(): NetworkTable<number> {
    return this.#table;
  }

  /**
   * Takes the mirrors and rules as they are now.
   *
   * @param rules networks that rules name
   * @returns whether the table is another one
   */
  take(mirrors: Iterable<Mirror>, rules: readonly string[] = []): boolean {
    const own: (readonly [id: number, networks: readonly string[]])[] = [...mirrors]
      .filter(({ networks }) => networks.length > 0).map(({ id, networks }) => [id, networks]);
    rules.forEach((network, index) => own.push([ruleNetworkId(index), [network]]));
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
