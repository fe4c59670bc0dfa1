import type { IndexedFile } from "./file.ts";
import { isVersion } from "./is_version.ts";
import type { MirrorRecord } from "./mirror_state.ts";

/**
 * Tells which mirrors have a file as the source has it.
 *
 * @param indexed the file with its copies
 * @param mirrors those that count
 * @returns those of them, in their order
 */
export function whoHas<Mirror extends MirrorRecord>(
  { file, copies }: IndexedFile,
  mirrors: readonly Mirror[],
): Mirror[] {
  const byId = new Map(copies.map((copy) => [copy.mirrorId, copy]));
  return mirrors.filter((mirror) => {
    const copy = byId.get(mirror.id);
    return copy !== undefined && isVersion(copy, file, mirror);
  });
}
