import type { Config } from "./config.ts";

/**
 * For how long files that left the repository stay answerable.
 *
 * @returns minutes; 0: not at all
 */
export function keepRemovedOf({ keepRemoved }: Pick<Config, "keepRemoved">): number {
  return keepRemoved ?? 0;
}
