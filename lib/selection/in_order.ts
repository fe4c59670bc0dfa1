import type { FileCopy } from "../catalog/file.ts";

/**
 * Puts copies in order of mirror ID: what is decided must not depend on where the copies come from.
 *
 * @param copies nearly always in order already
 * @returns the same array when it is in order, else another one
 */
export function inOrder(copies: readonly FileCopy[]): readonly FileCopy[] {
  for (let i = 1; i < copies.length; i++) {
    if (copies[i - 1]!.mirrorId > copies[i]!.mirrorId) {
      return copies.toSorted((a, b) => a.mirrorId - b.mirrorId);
    }
  }
  return copies;
}
