import type { SourceFile } from "./file.ts";

/** A former version of a file that clients may still be given. */
export interface FileRevision extends Omit<SourceFile, "path"> {
  /** When another one took its place, in milliseconds since the epoch. */
  readonly replaced: number;
}

/** Revisions of a file that are kept at most. */
export const MOST_REVISIONS = 10;

/**
 * Whether former versions of a file are kept: those of the index of an RPM repository, whose mirrors are
 * good for clients for some days after it changed.
 *
 * @param path decoded path, with a leading slash
 */
export function hasRevisions(path: string): boolean {
  return path.endsWith("/repodata/repomd.xml");
}
