import { GeoDatabaseError } from "../geo_database_error.ts";

/** Reads a stream in pieces of a wanted size. */
export class ChunkReader {
  readonly #chunks: AsyncIterator<Uint8Array>;
  /** What was read ahead. */
  #rest = new Uint8Array();

  constructor(chunks: AsyncIterable<Uint8Array>) {
    this.#chunks = chunks[Symbol.asyncIterator]();
  }

  /** Looks at the next bytes, which stay. @returns fewer only at the end */
  async peek(count: number): Promise<Uint8Array> {
    while (this.#rest.length < count) {
      const { done, value } = await this.#chunks.next();
      if (done) break;
      const joined = new Uint8Array(this.#rest.length + value.length);
      joined.set(this.#rest);
      joined.set(value, this.#rest.length);
      this.#rest = joined;
    }
    return this.#rest.subarray(0, count);
  }

  /** Takes the next bytes. @returns fewer only at the end */
  async take(count: number): Promise<Uint8Array> {
    const bytes = await this.peek(count);
    this.#rest = this.#rest.subarray(bytes.length);
    return bytes;
  }

  /**
   * Takes so many bytes, in whatever pieces they come.
   *
   * @throws GeoDatabaseError when the stream ends before
   */
  async *pieces(count: number): AsyncGenerator<Uint8Array> {
    let left = count;
    while (left > 0) {
      const piece = await this.#next(left);
      if (piece === null) throw new GeoDatabaseError("what was sent is cut off");
      left -= piece.length;
      yield piece;
    }
  }

  /** Takes all that there still is. */
  async *all(): AsyncGenerator<Uint8Array> {
    for (;;) {
      const piece = await this.#next(Infinity);
      if (piece === null) return;
      yield piece;
    }
  }

  /** Takes nothing more. */
  async cancel(): Promise<void> {
    await this.#chunks.return?.();
  }

  /** @returns `null` at the end */
  async #next(most: number): Promise<Uint8Array | null> {
    if (this.#rest.length === 0) {
      const { done, value } = await this.#chunks.next();
      if (done) return null;
      this.#rest = value as Uint8Array<ArrayBuffer>;
    }
    const piece = this.#rest.subarray(0, most);
    this.#rest = this.#rest.subarray(piece.length);
    return piece;
  }
}
