import type { Mirror } from "../catalog/mirror.ts";
import { parseAddressRange } from "../net/address_range.ts";
import { type NetworkNode, NetworkTable } from "../net/network_table.ts";
import { ruleNetworkId } from "./rule_set.ts";
import type { ClientView } from "./client_view.ts";

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

/**
 * Tells whether a client is inside a mirror's own networks, and how closely.
 *
 * @param network the narrowest network of the mirrors' that the client lies in; `null`: none
 * @param mirrorId of the mirror
 * @returns length of the longest prefix of the mirror's that holds the client; -1: it is outside
 */
export function ownPrefix(network: NetworkNode<number> | null, mirrorId: number): number {
  for (let node = network; node !== null; node = node.parent) {
    if (node.values.includes(mirrorId)) return node.prefixLength;
  }
  return -1;
}

/** Whether nobody but clients of its own networks is to know of a mirror, and this is none. */
export function isHidden(
  { record }: { readonly record: Pick<Mirror, "id" | "networksOnly"> },
  { network }: ClientView,
): boolean {
  return record.networksOnly && ownPrefix(network, record.id) < 0;
}
