import type { MirrorRecord } from "../catalog/mirror_state.ts";
import type { NodesJson } from "../control/api/daemon_schemas.ts";
import type { ClusterMembership } from "../monitor/cluster.ts";
import { mirrorsOfNode } from "../monitor/mirrors_of_node.ts";

/**
 * Tells who works on the store, and whose each mirror is.
 *
 * @param mirrors every one
 * @param cluster the other nodes; `null`: there are none
 * @param hostname of this machine
 */
export function nodesOf(
  mirrors: readonly Pick<MirrorRecord, "id" | "name">[],
  cluster: Pick<ClusterMembership, "nodes" | "self"> | null,
  hostname: string,
): NodesJson {
  const self = cluster?.self ?? hostname;
  const names = cluster?.nodes() ?? [self];
  const ids = mirrors.map(({ id }) => id);
  return {
    cluster: cluster !== null,
    nodes: names.map((name) => {
      const own = mirrorsOfNode(ids, names, name);
      const ofNode = mirrors.filter(({ id }) => own.has(id)).map((one) => one.name).sort();
      return { name, self: name === self, mirrors: ofNode };
    }),
  };
}
