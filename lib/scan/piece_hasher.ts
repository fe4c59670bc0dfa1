import { concat } from "@std/bytes";
import type { Hash } from "node:crypto";
import { createHash } from "../worker/late_builtins.ts";
import type { PieceHashes } from "../catalog/piece_hashes.ts";
import { pieceLength } from "../catalog/piece_length.ts";

/** Bytes of a leaf of the tree (BEP 52). */
const LEAF = 16 * 1024;

/** Bytes of a SHA-256. */
const NODE = 32;

/** What comes of the pieces, without what says whose they are. */
export type Pieces = Pick<PieceHashes, "length" | "sha1" | "root" | "layer">;

/**
 * Hashes the pieces of a file as it is read: SHA-1 of each, and the tree of BEP 52 where it is wanted.
 * Nothing grows with the file but the results.
 */
export class PieceHasher {
  readonly #length: number;
  readonly #pieces: Uint8Array[] = [];
  #piece: Hash = createHash("sha1");
  #inPiece = 0;
  readonly #tree: TreeHasher | null;

  /**
   * @param size bytes that the file is expected to have
   * @param hybrid whether the tree is computed
   */
  constructor(size: number, hybrid: boolean) {
    this.#length = pieceLength(size);
    this.#tree = hybrid ? new TreeHasher(this.#length) : null;
  }

  /** Takes the next bytes of the file, cut anywhere. */
  update(bytes: Uint8Array): void {
    this.#tree?.update(bytes);
    for (let at = 0; at < bytes.length;) {
      const end = Math.min(bytes.length, at + this.#length - this.#inPiece);
      this.#piece.update(bytes.subarray(at, end));
      this.#inPiece += end - at;
      at = end;
      if (this.#inPiece === this.#length) this.#endPiece();
    }
  }

  /** @returns the hashes of everything that was taken; to be called once */
  finish(): Pieces {
    if (this.#inPiece > 0) this.#endPiece();
    const sha1 = concat(this.#pieces);
    return { length: this.#length, sha1, ...this.#tree?.finish() ?? { root: null, layer: null } };
  }

  #endPiece(): void {
    this.#pieces.push(this.#piece.digest());
    this.#piece = createHash("sha1");
    this.#inPiece = 0;
  }
}

/** The Merkle tree of one file (BEP 52): each piece's leaves are folded as soon as they are there. */
class TreeHasher {
  readonly #perPiece: number;
  #leaf: Hash = createHash("sha256");
  #inLeaf = 0;
  #leaves: Uint8Array[] = [];
  readonly #layer: Uint8Array[] = [];

  constructor(pieceLength: number) {
    this.#perPiece = pieceLength / LEAF;
  }

  update(bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length;) {
      const end = Math.min(bytes.length, at + LEAF - this.#inLeaf);
      this.#leaf.update(bytes.subarray(at, end));
      this.#inLeaf += end - at;
      at = end;
      if (this.#inLeaf === LEAF) this.#endLeaf();
    }
  }

  finish(): { root: Uint8Array<ArrayBuffer>; layer: Uint8Array<ArrayBuffer> } {
    if (this.#inLeaf > 0) this.#endLeaf(false);
    const zero = new Uint8Array(NODE);
    // A file of one piece has a tree that is only as high as it needs.
    if (this.#layer.length === 0) {
      return { root: Uint8Array.from(fold(this.#leaves, zero)), layer: new Uint8Array() };
    }
    if (this.#leaves.length > 0) this.#endPiece();
    const layer = concat(this.#layer);
    if (this.#layer.length === 1) return { root: layer, layer: new Uint8Array() };
    const nothing = fold(new Array(this.#perPiece).fill(zero), zero);
    return { root: Uint8Array.from(fold(this.#layer, nothing)), layer };
  }

  #endLeaf(whole = true): void {
    this.#leaves.push(this.#leaf.digest());
    this.#leaf = createHash("sha256");
    this.#inLeaf = 0;
    if (whole && this.#leaves.length === this.#perPiece) this.#endPiece();
  }

  /** Folds the leaves of a piece; those that are missing at the end of the file are zeros. */
  #endPiece(): void {
    while (this.#leaves.length < this.#perPiece) this.#leaves.push(new Uint8Array(NODE));
    this.#layer.push(fold(this.#leaves, this.#leaves[0]!));
    this.#leaves = [];
  }
}

/** Hashes pairs until one is left. @param filler stands for what is missing to a power of two */
function fold(nodes: readonly Uint8Array[], filler: Uint8Array): Uint8Array {
  let level = nodes.slice();
  let width = 1;
  while (width < level.length) width *= 2;
  while (level.length < width) level.push(filler);
  while (level.length > 1) {
    const above: Uint8Array[] = [];
    for (let i = 0; i < level.length; i += 2) {
      above.push(createHash("sha256").update(level[i]!).update(level[i + 1]!).digest());
    }
    level = above;
  }
  return level[0]!;
}
