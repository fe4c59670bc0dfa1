import { carriesPath } from "./carried_paths.ts";

/**
 * Tells whether a mirror that carries a part of the tree on purpose may have anything in a directory, or
 * below it: others need not be looked at.
 *
 * @param prefixes as `carriesPath()` takes them
 * @param directory that begins and ends with a slash
 */
export function mayCarryBelow(prefixes: readonly string[], directory: string): boolean {
  return carriesPath(prefixes, directory) ||
    prefixes.some((prefix) => prefix.startsWith(directory));
}
