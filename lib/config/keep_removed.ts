import type { Config } from "./config.ts";

/**
 * For how long files that left the repository stay answerable.
 *
 * @returns minutes; 0: not at all
 */
export function keepRemovedOf(
  { keepRemoved, metadataSets }: Pick<Config, "keepRemoved" | "metadataSets">,
): number {
  // A client with an old revision asks for what that names.
  return keepRemoved ?? 2 * Math.max(0, ...metadataSets.map(({ maxBehind }) => maxBehind));
}
