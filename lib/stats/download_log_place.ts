import { DownloadLog, type DownloadLogOptions } from "./download_log.ts";
import { LineOrder } from "./line_order.ts";

/** The download log where the configuration wants it now, which may be nowhere. */
export class DownloadLogPlace implements AsyncDisposable {
  readonly #options: Omit<DownloadLogOptions, "directory">;
  #directory: string | null = null;
  #log: DownloadLog | null = null;
  readonly #order: LineOrder;

  /** @param options what each log is made of, except for its place */
  constructor(options: Omit<DownloadLogOptions, "directory">) {
    this.#options = options;
    this.#order = new LineOrder({
      now: options.now,
      write: (blocks) => this.#log?.append(blocks),
    });
  }

  /** Adds lines of one thread, if there is a log. @param blocks lines, or several lines each */
  append(blocks: readonly string[]): void {
    if (this.#log !== null) this.#order.add(blocks);
  }

  /**
   * Writes to another directory from now on; to the same one, into a file that is opened again.
   *
   * @param directory LogDir; `null`: no log
   * @returns when everything before is written
   */
  async move(directory: string | null): Promise<void> {
    if (directory === this.#directory) return await this.reopen();
    this.#order.flush();
    const old = this.#log;
    this.#directory = directory;
    this.#log = directory === null ? null : new DownloadLog({ ...this.#options, directory });
    await old?.[Symbol.asyncDispose]();
  }

  /** Opens the file again by its name, for rotation. */
  async reopen(): Promise<void> {
    this.#order.flush();
    await this.#log?.reopen();
  }

  /** Writes what there is and closes the file. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#order.flush();
    await this.#log?.[Symbol.asyncDispose]();
  }
}
