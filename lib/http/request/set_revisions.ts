import type { SourceFile } from "../../catalog/file.ts";
import type { FileRevision } from "../../catalog/file_revision.ts";
import type { SetView } from "../../selection/set_view.ts";

/** Revisions that a document names at most. */
const MOST_NAMED = 100;

/** Which revisions of a metadata set a client may be given. */
export interface SetRevisions {
  readonly set: SetView;
  /** The root as it is now, with the hash that the set knows of it. */
  readonly file: SourceFile;
  /** Former versions of the root, newest first. */
  readonly former: readonly FileRevision[];
  /** Numbers of the revisions that have one of these versions. */
  readonly numbers: ReadonlySet<number>;
}

/**
 * Finds the revisions of a metadata set that its root may be given in: those that mirrors may serve (MaxBehind,
 * `sets require`), and whose hash is known. Since a change counts only once everything has been quiet, the
 * root may be newer than the present revision.
 *
 * @param set the set
 * @param indexed the root as in the index
 * @param days MetalinkAlternates; 0: none but the present one
 */
export function setRevisions(set: SetView, indexed: SourceFile, days: number): SetRevisions {
  const { revisions } = set.history;
  const known = revisions.findLast(({ size, modTime }) =>
    size === indexed.size && modTime === indexed.modTime
  );
  const file = indexed.sha256 === "" ? { ...indexed, sha256: known?.sha256 ?? "" } : indexed;
  const former: FileRevision[] = [];
  const numbers = new Set<number>();
  const seen = new Set<string>();
  for (let i = revisions.length - 1; i >= 0 && former.length < MOST_NAMED; i--) {
    const { number, size, modTime, sha256 } = revisions[i]!;
    if (number < set.oldest) break;
    if (sha256 === file.sha256 || revisions[i] === known) {
      numbers.add(number);
      continue;
    }
    if (sha256 === "" || days === 0) continue;
    numbers.add(number);
    if (seen.has(sha256)) continue;
    seen.add(sha256);
    const replaced = revisions[i + 1]?.time ?? revisions[i]!.time;
    former.push({ replaced, size, modTime, sha256, sha1: "", md5: "" });
  }
  return { set, file, former, numbers };
}
