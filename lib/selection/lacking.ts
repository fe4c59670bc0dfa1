import type { FileCopy } from "../catalog/file.ts";
import type { MirrorRecord } from "../catalog/mirror_state.ts";
import type { ClientView } from "./client_view.ts";
import type { PreparedMirror } from "./prepared_mirror.ts";
import { isHidden } from "./own_networks.ts";

/**
 * Finds the mirrors that do not have a file, as far as scans have shown.
 *
 * @param copies of the file
 * @param mirrors all that there are
 * @param onlooker who is told; mirrors that are hidden from them are left out. `null`: an operator
 * @returns enabled mirrors, by name
 */
export function lackingMirrors(
  copies: readonly FileCopy[],
  mirrors: Iterable<PreparedMirror>,
  onlooker: ClientView | null,
): MirrorRecord[] {
  const having = new Set(copies.map(({ mirrorId }) => mirrorId));
  return [...mirrors]
    .filter((mirror) =>
      mirror.record.enabled && !having.has(mirror.record.id) &&
      (onlooker === null || !isHidden(mirror, onlooker))
    )
    .map(({ record }) => record)
    .sort((a, b) => a.name < b.name ? -1 : 1);
}
