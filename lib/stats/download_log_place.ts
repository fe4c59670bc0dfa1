import type { Clock } from "../clock/clock.ts";
import { DownloadLog, type DownloadLogOptions } from "./download_log.ts";
import { LineOrder } from "./line_order.ts";
import type { RecordedAnswers } from "./recorder.ts";
import { RefusedLines } from "./refused_lines.ts";

/** What each log is made of, except for its place. */
export type DownloadLogPlaceOptions = Omit<DownloadLogOptions, "directory" | "clock"> & {
  readonly clock: Clock;
};

/** The download log where the configuration wants it now, which may be nowhere. */
export class DownloadLogPlace implements AsyncDisposable {
  readonly #options: DownloadLogPlaceOptions;
  #directory: string | null = null;
  #log: DownloadLog | null = null;
  readonly #order: LineOrder;
  readonly #refused: RefusedLines;

  constructor(options: DownloadLogPlaceOptions) {
    this.#options = options;
    this.#order = new LineOrder({
      clock: options.clock,
      write: (blocks) => this.#log?.append(blocks),
    });
    this.#refused = new RefusedLines({
      clock: options.clock,
      write: (blocks) => this.#order.add(blocks),
    });
  }

  /** Adds the lines of one thread, if there is a log. */
  append({ lines, refused }: Pick<RecordedAnswers, "lines" | "refused">): void {
    if (this.#log === null) return;
    this.#order.add(lines);
    this.#refused.add(refused);
  }

  /**
   * Writes to another directory from now on; to the same one, into a file that is opened again.
   *
   * @param directory LogDir; `null`: no log
   * @returns when everything before is written
   */
  async move(directory: string | null): Promise<void> {
    if (directory === this.#directory) return await this.reopen();
    this.#flush();
    const old = this.#log;
    this.#directory = directory;
    this.#log = directory === null ? null : new DownloadLog({ ...this.#options, directory });
    await old?.[Symbol.asyncDispose]();
  }

  /** Opens the file again by its name, for rotation. */
  async reopen(): Promise<void> {
    this.#flush();
    await this.#log?.reopen();
  }

  /** Writes what there is and closes the file. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#flush();
    await this.#log?.[Symbol.asyncDispose]();
  }

  #flush(): void {
    this.#refused.flush();
    this.#order.flush();
  }
}
