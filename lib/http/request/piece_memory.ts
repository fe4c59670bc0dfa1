import { LRUCache } from "lru-cache";
import type { SourceFile } from "../../catalog/file.ts";
import type { MaybePromise, StoreReader } from "../../store/store_reader.ts";
import { areOf, type PieceHashes } from "../../catalog/piece_hashes.ts";

/** Files, and bytes of their hashes, that are remembered at most. */
const MOST_FILES = 32;
const MOST_BYTES = 8 * 1024 * 1024;

/** Remembers the hashes of the pieces of files that were asked for lately. */
export class PieceMemory {
  readonly #reader: Pick<StoreReader, "pieceHashes">;
  readonly #kept = new LRUCache<string, PieceHashes>({
    max: MOST_FILES,
    maxSize: MOST_BYTES,
    // Besides, what documents say of each piece is kept for as long as its hash is: 20 bytes make 142 there.
    sizeCalculation: ({ path, sha1, layer }) =>
      200 + 2 * path.length + 9 * sha1.length + (layer?.length ?? 0),
  });

  /** @param reader where they are read */
  constructor(reader: Pick<StoreReader, "pieceHashes">) {
    this.#reader = reader;
  }

  /**
   * Finds the hashes of the pieces of this very version of a file.
   *
   * @param file as in the index
   * @param hybrid whether the tree of BEP 52 is needed
   * @returns `null` when they are not computed, or are those of another version
   * @throws StoreUnavailableError
   */
  of(file: SourceFile, hybrid: boolean): MaybePromise<PieceHashes | null> {
    const kept = this.#kept.get(file.path);
    if (kept !== undefined && isFit(kept, file, hybrid)) return kept;
    const read = this.#reader.pieceHashes(file.path);
    return read instanceof Promise
      ? read.then((late) => this.#take(late, file, hybrid))
      : this.#take(read, file, hybrid);
  }

  /** Forgets those of files that changed. */
  drop(paths: Iterable<string>): void {
    if (this.#kept.size === 0) return;
    for (const path of paths) this.#kept.delete(path);
  }

  /** Forgets all of them. */
  clear(): void {
    this.#kept.clear();
  }

  #take(pieces: PieceHashes | null, file: SourceFile, hybrid: boolean): PieceHashes | null {
    if (pieces === null || !isFit(pieces, file, hybrid)) return null;
    this.#kept.set(pieces.path, pieces);
    return pieces;
  }
}

function isFit(pieces: PieceHashes, file: SourceFile, hybrid: boolean): boolean {
  return areOf(pieces, file) && (!hybrid || pieces.root !== null && pieces.layer !== null);
}
