import type { MapPoint } from "./world.ts";

/** What stands so close together on a map that one marker stands for all. */
export interface Crowd<Item> {
  /** In the middle of them. */
  readonly at: MapPoint;
  /** At least one, in the order in which they were given. */
  readonly items: readonly Item[];
}

/**
 * Gathers what is close together on a map: the first is a middle, and takes in what is near, and so on.
 *
 * @param spots what there is, and where, in units of the drawing
 * @param reach distance up to which something belongs to a crowd
 * @returns the crowds, the largest first
 */
export function gatherMarkers<Item>(
  spots: readonly { readonly at: MapPoint; readonly item: Item }[],
  reach: number,
): Crowd<Item>[] {
  const crowds: { at: MapPoint; items: Item[] }[] = [];
  for (const { at, item } of spots) {
    const near = crowds.find((crowd) => Math.hypot(crowd.at.x - at.x, crowd.at.y - at.y) <= reach);
    if (near === undefined) {
      crowds.push({ at, items: [item] });
      continue;
    }
    near.items.push(item);
    const part = 1 / near.items.length;
    near.at = {
      x: near.at.x + (at.x - near.at.x) * part,
      y: near.at.y + (at.y - near.at.y) * part,
    };
  }
  return crowds.sort((a, b) => b.items.length - a.items.length);
}
