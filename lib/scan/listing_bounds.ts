import type { ListedFile } from "../catalog/file.ts";
import { ListingError } from "./lister.ts";

/** Files that any listing may have. */
const FILES = 1_000_000;

/** How many times as many as the source a larger one may have. */
const TIMES_SOURCE = 20;

/** Characters that the paths may have, in the mean. */
const CHARACTERS = 256;

/** Lines for each file, at most: directories, links, what is no line. */
const LINES = 4;

/** Keeps a listing that has no end from filling memory. */
export class ListingBounds {
  readonly #most: number;
  #files = 0;
  #characters = 0;

  /** @param sourceFiles how many files the source has */
  constructor(sourceFiles: number) {
    this.#most = Math.max(FILES, TIMES_SOURCE * sourceFiles);
  }

  /** Counts files that were listed. @throws {ListingError} when there are too many */
  add(batch: readonly ListedFile[]): void {
    this.#files += batch.length;
    if (this.#files > this.#most) {
      throw new ListingError(`The listing has no end: more than ${this.#most} files`);
    }
    for (const { path } of batch) this.#characters += path.length;
    const most = this.#most * CHARACTERS;
    if (this.#characters > most) {
      throw new ListingError(`The listing has no end: paths with more than ${most} characters`);
    }
  }

  /** Looks at how many lines there were. @throws {ListingError} when there are too many */
  check(lines: number): void {
    const most = this.#most * LINES;
    if (lines > most) throw new ListingError(`The listing has no end: more than ${most} lines`);
  }
}
