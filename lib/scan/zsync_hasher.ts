import type { Hash } from "node:crypto";
import { createHash } from "../worker/late_builtins.ts";
import { ZSYNC_RECORD, zsyncBlock, type ZsyncSums } from "../catalog/zsync_sums.ts";

/** Bytes of an MD4. */
const MD4 = 16;

/** Whether this runtime knows MD4, which not every one does. */
export function hasMd4(): boolean {
  try {
    createHash("md4");
    return true;
  } catch {
    return false;
  }
}

/**
 * Computes what zsync needs of a file as it is read: a rolling sum and MD4 of each block, the last one
 * filled up with zeros, and SHA-1 of it all.
 */
export class ZsyncHasher {
  readonly #block: number;
  readonly #zeros: Uint8Array;
  readonly #whole: Hash = createHash("sha1");
  #sums: Uint8Array<ArrayBuffer>;
  #view: DataView<ArrayBuffer>;
  #length = 0;
  #md4: Hash = createHash("md4");
  #inBlock = 0;
  #a = 0;
  #b = 0;

  /** @param size bytes that the file is expected to have, above 0 */
  constructor(size: number) {
    this.#block = zsyncBlock(size);
    this.#zeros = new Uint8Array(this.#block);
    this.#sums = new Uint8Array(ZSYNC_RECORD * Math.ceil(size / this.#block));
    this.#view = new DataView(this.#sums.buffer);
  }

  /** Takes the next bytes of the file, cut anywhere. */
  update(bytes: Uint8Array): void {
    this.#whole.update(bytes);
    this.#blocks(bytes);
  }

  /** @returns the sums of everything that was taken; to be called once */
  finish(): ZsyncSums {
    if (this.#inBlock > 0) this.#blocks(this.#zeros.subarray(this.#inBlock));
    return {
      block: this.#block,
      sha1: this.#whole.digest("hex"),
      sums: this.#sums.slice(0, this.#length),
    };
  }

  #blocks(bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length;) {
      const end = Math.min(bytes.length, at + this.#block - this.#inBlock);
      this.#md4.update(bytes.subarray(at, end));
      let a = this.#a;
      let b = this.#b;
      // The second sum weighs each byte by how far it is from the end: each adds all before it once more.
      for (let i = at; i < end; i++) {
        a = (a + bytes[i]!) | 0;
        b = (b + a) | 0;
      }
      this.#a = a;
      this.#b = b;
      this.#inBlock += end - at;
      at = end;
      if (this.#inBlock === this.#block) this.#endBlock();
    }
  }

  #endBlock(): void {
    if (this.#length === this.#sums.length) this.#grow();
    this.#view.setUint16(this.#length, this.#a);
    this.#view.setUint16(this.#length + 2, this.#b);
    this.#sums.set(this.#md4.digest(), this.#length + ZSYNC_RECORD - MD4);
    this.#length += ZSYNC_RECORD;
    this.#md4 = createHash("md4");
    this.#inBlock = 0;
    this.#a = 0;
    this.#b = 0;
  }

  /** Makes room for a file that has grown meanwhile; it is read again anyway. */
  #grow(): void {
    const sums = new Uint8Array(2 * this.#sums.length + ZSYNC_RECORD);
    sums.set(this.#sums);
    this.#sums = sums;
    this.#view = new DataView(sums.buffer);
  }
}
