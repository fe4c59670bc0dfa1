import type { Hash } from "node:crypto";
import { createHash } from "../worker/late_builtins.ts";
import type { ListedFile, SourceFile } from "../catalog/file.ts";
import { type PieceRecord, ZSYNC_LARGEST } from "../catalog/zsync_sums.ts";
import type { Breather } from "./breather.ts";
import type { HashWishes } from "./hash_wishes.ts";
import { PieceHasher } from "./piece_hasher.ts";
import { ZsyncHasher } from "./zsync_hasher.ts";

/** Bytes that are read and hashed at once. */
const CHUNK = 1024 * 1024;

/** Files up to this many bytes are read synchronously: that takes less than the call to do it later. */
const SMALL = 128 * 1024;

/** How often a file is read that changes meanwhile, or has changed since it was listed. */
const ATTEMPTS = 3;

const ALGORITHMS = ["sha1", "sha256", "md5"] as const;

/** What came of reading a file. */
export interface HashedContents {
  readonly file: SourceFile;
  /** `null`: not wanted. */
  readonly pieces: PieceRecord | null;
}

/** Takes in what is read of a file. */
type Update = (bytes: Uint8Array) => void;

/** Hashes files in constant memory. */
export class FileHasher {
  readonly #wanted: HashWishes;
  readonly #breather: Breather | null;
  /** Only used without a pause in between. */
  readonly #shared = new Uint8Array(SMALL);
  readonly #free: Uint8Array<ArrayBuffer>[] = [];

  /**
   * @param wanted which hashes to compute; the others stay empty
   * @param breather pauses between two chunks; `null`: nobody else waits on this thread, which reads
   *   one file after the other
   */
  constructor(wanted: HashWishes, breather: Breather | null) {
    this.#wanted = wanted;
    this.#breather = breather;
  }

  /**
   * Reads a file and computes its hashes. Size and time are those of the contents that were read.
   *
   * @param fullPath where the file is
   * @param listed the file as it was a moment ago
   * @param onRead told of each part of a large file that was read, in bytes
   * @throws {Deno.errors.NotFound} when it is gone
   * @throws {Error} when it cannot be read, or changes all the time
   */
  async hash(
    fullPath: string,
    { path, ...listed }: ListedFile,
    onRead: (bytes: number) => void = () => {},
  ): Promise<HashedContents> {
    let { size, modTime } = listed;
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      using file = Deno.openSync(fullPath);
      const hashes = this.#start();
      const pieces = this.#startPieces(size);
      const zsync = this.#wanted.pieces?.zsync && pieces !== null && size <= ZSYNC_LARGEST
        ? new ZsyncHasher(size)
        : null;
      const update: Update = (bytes) => {
        for (const hash of hashes) hash?.update(bytes);
        pieces?.update(bytes);
        zsync?.update(bytes);
      };
      const length = size <= SMALL
        ? this.#readSmall(file, update, size)
        : await this.#readLarge(file, update, size, onRead);
      // By its path: by its number, Deno would resolve every directory on the way for its permissions.
      const after = Deno.lstatSync(fullPath);
      if (!after.isFile) throw new Deno.errors.NotFound(`No regular file any more: "${path}"`);
      const before = modTime;
      ({ size } = after);
      modTime = after.mtime?.getTime() ?? null;
      if (length === size && modTime === before) {
        const [sha1, sha256, md5] = hashes.map((hash) => hash?.digest("hex") ?? "");
        const hashed = { path, size, modTime, sha1: sha1!, sha256: sha256!, md5: md5! };
        if (pieces === null || modTime === null) return { file: hashed, pieces: null };
        const stamp = { path, size, modTime, sha256: hashed.sha256 };
        return {
          file: hashed,
          pieces: { ...stamp, ...pieces.finish(), zsync: zsync?.finish() ?? null },
        };
      }
    }
    throw new Error("It changes while it is read");
  }

  #start(): (Hash | null)[] {
    return ALGORITHMS.map((name) => this.#wanted[name] ? createHash(name) : null);
  }

  #startPieces(size: number): PieceHasher | null {
    const wanted = this.#wanted.pieces ?? null;
    if (wanted === null || size < Math.max(1, wanted.minSize)) return null;
    return new PieceHasher(size, wanted.hybrid);
  }

  /** Reads `size` bytes: that there are no more shows in the size afterwards. */
  #readSmall(file: Deno.FsFile, update: Update, size: number): number {
    let length = 0;
    while (length < size) {
      const count = file.readSync(this.#shared);
      if (count === null) break;
      update(this.#shared.subarray(0, count));
      length += count;
    }
    return length;
  }

  /** Reads to the end; where there is more than `size` bytes, not all of it: it has grown. */
  async #readLarge(
    file: Deno.FsFile,
    update: Update,
    size: number,
    onRead: (bytes: number) => void,
  ): Promise<number> {
    const buffer = this.#free.pop() ?? new Uint8Array(CHUNK);
    try {
      let length = 0;
      while (length <= size) {
        const count = this.#breather === null ? file.readSync(buffer) : await file.read(buffer);
        if (count === null) break;
        if (this.#breather?.due) await this.#breather.pause();
        update(buffer.subarray(0, count));
        length += count;
        onRead(count);
      }
      return length;
    } finally {
      this.#free.push(buffer);
    }
  }
}
