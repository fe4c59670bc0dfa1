import type { ListedFile, SourceFile } from "../catalog/file.ts";

/** The difference that a source scan found. */
export interface SourceDifference {
  /**
   * Files that are new or have another size, time or hash. When one was first seen is kept with its size
   * and time: of a version that is there already nothing is changed about that.
   */
  readonly changed: readonly SourceFile[];
  /** Paths that are gone. */
  readonly removed: readonly string[];
}

/** The difference that a mirror scan found. */
export interface CopyDifference {
  /** Copies that are new or have another size or time. */
  readonly changed: readonly ListedFile[];
  /** Paths that are gone. */
  readonly removed: readonly string[];
}
