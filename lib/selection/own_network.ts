import type { NetworkNode } from "../net/network_table.ts";

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
