const LINE_FEED = 10;

/** Lines longer than this are dropped, in bytes: rsync's own names end at 4096, escaped at 20 480. */
const MAX_LINE = 32 * 1024;

/**
 * Splits a stream of bytes into lines. Memory is bounded, whatever the other side sends: a line that
 * is too long is dropped and reported once.
 */
export class LineSplitter {
  #rest = new Uint8Array(MAX_LINE);
  #length = 0;
  #dropping = false;

  readonly #onLine: (line: Uint8Array) => void;
  readonly #onDropped: () => void;

  /**
   * @param onLine called for each line, without its line feed; the bytes are only valid until it returns
   * @param onDropped called for each line that was too long
   */
  constructor(onLine: (line: Uint8Array) => void, onDropped: () => void) {
    this.#onLine = onLine;
    this.#onDropped = onDropped;
  }

  /** Takes the next piece of the stream. */
  push(chunk: Uint8Array): void {
    let start = 0;
    for (let end; (end = chunk.indexOf(LINE_FEED, start)) >= 0; start = end + 1) {
      if (this.#length === 0 && !this.#dropping && end - start <= MAX_LINE) {
        this.#onLine(chunk.subarray(start, end));
        continue;
      }
      this.#keep(chunk.subarray(start, end));
      this.#flush();
    }
    this.#keep(chunk.subarray(start));
  }

  /** Takes the end of the stream: what is left is the last line. */
  end(): void {
    if (this.#length > 0) this.#flush();
  }

  #keep(piece: Uint8Array): void {
    if (this.#dropping || piece.length === 0) return;
    if (this.#length + piece.length > MAX_LINE) {
      this.#dropping = true;
      this.#onDropped();
      return;
    }
    this.#rest.set(piece, this.#length);
    this.#length += piece.length;
  }

  #flush(): void {
    if (!this.#dropping) this.#onLine(this.#rest.subarray(0, this.#length));
    this.#dropping = false;
    this.#length = 0;
  }
}
