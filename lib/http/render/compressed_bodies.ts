import { LRUCache } from "lru-cache";
import type { Encoding } from "../request/wishes.ts";
import { compress } from "./compress.ts";

/** Bytes from which a body is remembered: shorter ones are compressed as fast as they are found. */
const LEAST = 64 * 1024;

/** Bytes that are remembered at most, compressed. */
const MOST = 4 * 1024 * 1024;

/**
 * Compresses bodies, and remembers what became of long ones: a list of 10 000 names takes longer to compress than to
 * write. What they say is in their tag, so that nothing of it is ever out of date.
 */
export class CompressedBodies {
  readonly #known = new LRUCache<string, Uint8Array<ArrayBuffer>>({
    maxSize: MOST,
    sizeCalculation: ({ length }) => length,
  });

  /** Bytes that are remembered now. */
  get remembered(): number {
    return this.#known.calculatedSize;
  }

  /**
   * Compresses a body, or finds what became of it before. Nobody may change what it gives.
   *
   * @param tag entity tag of the body, which says what is in it
   * @param body what to compress
   * @param encoding how
   * @returns the compressed bytes
   */
  of(tag: string, body: Uint8Array<ArrayBuffer>, encoding: Encoding): Uint8Array<ArrayBuffer> {
    if (body.length < LEAST) return compress(body, encoding);
    const key = `${encoding} ${tag}`;
    let compressed = this.#known.get(key);
    if (compressed === undefined) {
      compressed = compress(body, encoding);
      this.#known.set(key, compressed);
    }
    return compressed;
  }
}
