import type { SourceFile } from "../../catalog/file.ts";
import type { FileRevision } from "../../catalog/file_revision.ts";

/** Milliseconds of a day. */
const DAY = 24 * 60 * 60 * 1000;

/**
 * Picks the former versions of a file that clients may be given: those that were replaced within some
 * days, and the last one as long as the present one is younger than that less a day, as MirrorManager has
 * it. One with the present contents is none.
 *
 * @param file as it is now
 * @param revisions newest first
 * @param days MetalinkAlternates
 * @param now milliseconds since the epoch
 * @returns newest first, each once
 */
export function validRevisions(
  file: SourceFile,
  revisions: readonly FileRevision[],
  days: number,
  now: number,
): FileRevision[] {
  if (days === 0) return [];
  const seen = new Set([contentsOf(file)]);
  const young = file.modTime !== null && now - file.modTime < (days - 1) * DAY;
  return revisions.filter((revision, i) => {
    const contents = contentsOf(revision);
    if (seen.has(contents)) return false;
    seen.add(contents);
    return now - revision.replaced <= days * DAY || young && i === 0;
  });
}

/** The best hash that there is. */
function contentsOf({ sha256, sha1, md5 }: Pick<SourceFile, "sha256" | "sha1" | "md5">): string {
  return sha256 || sha1 || md5;
}
