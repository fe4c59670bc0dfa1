import type { Clock } from "../clock/clock.ts";
import type { LogSink } from "./log_file.ts";

/** Characters that wait for a reader, at most. */
const MOST = 1_000_000;

/** Milliseconds that a reader has for the last lines. */
const PATIENCE = 500;

const encoder = new TextEncoder();

/** What a {@linkcode StandardError} writes to. */
export interface TextStream {
  /** Resolves when some of the bytes were taken. @returns how many */
  write(bytes: Uint8Array): Promise<number>;
}

/**
 * The standard error stream as a sink. It may be a pipe that nobody reads just now, or for ever: lines
 * wait in memory then, and no thread does. When there are too many, the newest are dropped, and counted.
 */
export class StandardError implements LogSink {
  readonly #clock: Pick<Clock, "after">;
  readonly #stream: TextStream;
  #waiting: string[] = [];
  /** Characters that wait or are being written. */
  #size = 0;
  #dropped = 0;
  #running: Promise<void> | null = null;

  /** @param stream default: the standard error stream */
  constructor(clock: Pick<Clock, "after">, stream: TextStream = Deno.stderr) {
    this.#clock = clock;
    this.#stream = stream;
  }

  /** See {@linkcode LogSink.write}. */
  readonly write = (text: string): void => {
    if (this.#size + text.length > MOST) {
      this.#dropped++;
      return;
    }
    this.#waiting.push(text);
    this.#size += text.length;
    this.#running ??= this.#run();
  };

  /** A stream has no name under which it could be opened again. */
  readonly reopen = (): void => {};

  /** Waits until everything is written, for a reader that is slow but not for one that is away. */
  async flush(): Promise<void> {
    const late = Promise.withResolvers<void>();
    using _timer = this.#clock.after(PATIENCE, late.resolve);
    await Promise.race([this.#running, late.promise]);
  }

  [Symbol.dispose](): void {}

  async #run(): Promise<void> {
    try {
      // What is said at one time is written at one time.
      await null;
      while (this.#waiting.length > 0) {
        const text = this.#waiting.splice(0).join("");
        let bytes = encoder.encode(text);
        while (bytes.length > 0) bytes = bytes.subarray(await this.#stream.write(bytes));
        this.#size -= text.length;
        if (this.#dropped === 0) continue;
        const lines = this.#dropped;
        this.#dropped = 0;
        this.write(`${lines} lines of the log were dropped, since nobody read standard error\n`);
      }
    } catch {
      // A closed standard error has nobody left to tell.
      this.#waiting = [];
      this.#size = 0;
    }
    this.#running = null;
  }
}
