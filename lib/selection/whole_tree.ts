import type { FileCopy, IndexedFile } from "../catalog/file.ts";
import { isUnasked } from "../catalog/is_unasked.ts";
import type { Mirror } from "../catalog/mirror.ts";

/** How old a file is that counts as there without anybody asking, in milliseconds. */
const SETTLED = 24 * 60 * 60_000;

/** What {@linkcode WholeTree} works with. */
export interface WholeTreeOptions {
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Told of a file of which somebody should find out whether the mirrors have it. Default: nobody is. */
  readonly wanted?: (path: string) => void;
}

/**
 * Mirrors with the whole tree, which are never scanned. Those that are checked are asked for each file
 * that is wanted, in the background, and have it once they were seen to; those that nobody reaches from
 * here have every file of the source that is older than a day.
 */
export class WholeTree {
  readonly #assumed: readonly number[];
  readonly #asked: readonly Mirror[];
  readonly #options: WholeTreeOptions;

  private constructor(
    assumed: readonly number[],
    asked: readonly Mirror[],
    options: WholeTreeOptions,
  ) {
    this.#assumed = assumed;
    this.#asked = asked;
    this.#options = options;
  }

  /** Gathers such mirrors. @returns `null` where there are none, as nearly everywhere */
  static of(mirrors: Iterable<Mirror>, options: WholeTreeOptions): WholeTree | null {
    const assumed: number[] = [];
    const asked: Mirror[] = [];
    for (const mirror of mirrors) {
      if (!mirror.wholeTree) continue;
      if (mirror.unchecked) assumed.push(mirror.id);
      else if (mirror.enabled) asked.push(mirror);
    }
    return assumed.length + asked.length === 0 ? null : new WholeTree(assumed, asked, options);
  }

  /**
   * Tells who has a file, and has somebody find out where nobody knows.
   *
   * @returns in order of mirror ID
   */
  copiesOf({ file, copies, former = false }: IndexedFile): readonly FileCopy[] {
    if (former) return inOrder(copies);
    this.#want(file, copies);
    const { path: _, size, modTime } = file;
    const settled = modTime !== null && this.#options.now() - modTime >= SETTLED;
    if (this.#assumed.length === 0 || !settled) return inOrder(copies);
    const assumed = new Set(this.#assumed);
    return inOrder([
      ...copies.filter(({ mirrorId }) => !assumed.has(mirrorId)),
      ...this.#assumed.map((mirrorId) => ({ mirrorId, size, modTime })),
    ]);
  }

  #want(file: IndexedFile["file"], copies: IndexedFile["copies"]): void {
    const { wanted } = this.#options;
    if (wanted !== undefined && this.#asked.some((one) => isUnasked(one, { file, copies }))) {
      wanted(file.path);
    }
  }
}

/** Who has a file: what the index says, and what is assumed of mirrors with the whole tree. */
export function copiesOf(indexed: IndexedFile, wholeTree: WholeTree | null): readonly FileCopy[] {
  return wholeTree === null ? inOrder(indexed.copies) : wholeTree.copiesOf(indexed);
}

/**
 * Puts copies in order of mirror ID: what is decided must not depend on where the copies come from.
 *
 * @param copies nearly always in order already
 * @returns the same array when it is in order, else another one
 */
function inOrder(copies: readonly FileCopy[]): readonly FileCopy[] {
  for (let i = 1; i < copies.length; i++) {
    if (copies[i - 1]!.mirrorId > copies[i]!.mirrorId) {
      return copies.toSorted((a, b) => a.mirrorId - b.mirrorId);
    }
  }
  return copies;
}
