/** Reads standard input, or something like it, line by line; reads nothing before it is asked. */
export class LineReader {
  readonly #read: (buffer: Uint8Array) => Promise<number | null>;
  readonly #decoder = new TextDecoder();
  #rest = "";
  #ended = false;

  /** @param read puts bytes into the buffer and tells how many; `null` at the end */
  constructor(read: (buffer: Uint8Array) => Promise<number | null>) {
    this.#read = read;
  }

  /** The next line without its end; `null` at the end of input. */
  async readLine(): Promise<string | null> {
    const buffer = new Uint8Array(4096);
    while (!this.#rest.includes("\n") && !this.#ended) {
      const count = await this.#read(buffer);
      if (count === null) this.#ended = true;
      else this.#rest += this.#decoder.decode(buffer.subarray(0, count), { stream: true });
    }
    if (this.#rest === "") return null;
    const [line = "", ...others] = this.#rest.split("\n");
    this.#rest = others.join("\n");
    return line.replace(/\r$/, "");
  }
}
