import { carriesPath } from "./carried_paths.ts";
import type { IndexedFile } from "./file.ts";
import type { Mirror } from "./mirror.ts";

/** Whether a mirror is one that is asked for files, one by one. */
export function isAsked({ wholeTree, unchecked, enabled }: Mirror): boolean {
  return wholeTree && !unchecked && enabled;
}

/** Whether nobody knows of such a mirror that it has a file as the source has it now, though it should. */
export function isUnasked(
  mirror: Pick<Mirror, "id" | "paths">,
  { file, copies }: IndexedFile,
): boolean {
  if (!carriesPath(mirror.paths, file.path)) return false;
  const copy = copies.find(({ mirrorId }) => mirrorId === mirror.id);
  return copy === undefined || copy.size !== file.size ||
    (copy.modTime !== null && file.modTime !== null &&
      Math.floor(copy.modTime / 1000) !== Math.floor(file.modTime / 1000));
}
