import { readLines } from "../control/api/ndjson.ts";

/** Two streams of bytes, to and from another process. */
export interface PipeEnds {
  readonly readable: ReadableStream<Uint8Array<ArrayBuffer>>;
  readonly writable: WritableStream<Uint8Array<ArrayBufferLike>>;
}

/** Speaks with another process in lines of JSON. */
export class MessagePipe<Sent, Received> {
  readonly #readable: PipeEnds["readable"];
  readonly #writer: WritableStreamDefaultWriter<Uint8Array>;
  readonly #encoder = new TextEncoder();

  constructor({ readable, writable }: PipeEnds) {
    this.#readable = readable;
    this.#writer = writable.getWriter();
  }

  /**
   * Sends a message. One that cannot be sent is lost: the other process has ended, which the end of
   * {@linkcode messages} tells.
   */
  async send(message: Sent): Promise<void> {
    try {
      await this.#writer.write(this.#encoder.encode(`${JSON.stringify(message)}\n`));
    } catch {
      // See above.
    }
  }

  /** The messages of the other process, until it ends or says what nobody understands. */
  async *messages(): AsyncGenerator<Received> {
    try {
      for await (const message of readLines(this.#readable)) yield message as Received;
    } catch {
      // As good as its end.
    }
  }

  /** Tells the other process that nothing more comes. */
  async close(): Promise<void> {
    await this.#writer.close().catch(() => {});
  }
}
