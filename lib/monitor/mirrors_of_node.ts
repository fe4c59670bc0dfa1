/**
 * Divides the mirrors over the nodes of a cluster, the way every node of it does: sorted, in ranges of
 * mirrors / nodes, rounded; the last node takes the rest.
 *
 * @param mirrorIds every mirror's ID, in any order
 * @param nodes every node's name, in any order
 * @param self the name of this node; it need not be among the others
 * @returns the IDs that are this node's
 */
export function mirrorsOfNode(
  mirrorIds: Iterable<number>,
  nodes: Iterable<string>,
  self: string,
): Set<number> {
  const ids = [...mirrorIds].sort((a, b) => a - b);
  const names = [...new Set([...nodes, self])].sort();
  const range = Math.round(ids.length / names.length);
  const index = names.indexOf(self);
  const end = index === names.length - 1 ? ids.length : (index + 1) * range;
  return new Set(ids.slice(index * range, end));
}
