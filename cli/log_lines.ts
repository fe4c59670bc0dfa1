/** Characters of a line that counts; more of it is dropped. */
const LONGEST = 65_536;

/** Cuts a stream of text into lines. */
export class LineReader {
  readonly #decoder = new TextDecoder();
  #rest = "";

  /** Takes a piece of the stream. @returns the lines that it completes */
  push(chunk: Uint8Array): string[] {
    const lines = (this.#rest + this.#decoder.decode(chunk, { stream: true })).split("\n");
    this.#rest = lines.pop()!.slice(0, LONGEST);
    return lines;
  }

  /** Takes the end of the stream. @returns the last line, if there is one */
  end(): string[] {
    const last = this.#rest + this.#decoder.decode();
    this.#rest = "";
    return last === "" ? [] : [last];
  }
}
