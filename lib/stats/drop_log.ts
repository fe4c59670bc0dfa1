import type { Clock, Timer } from "../clock/clock.ts";
import type { Log } from "../log/log.ts";
import type { DroppedRecords } from "./recorder.ts";

/** Milliseconds between two lines at least. */
const INTERVAL = 10_000;

/** How a {@linkcode DropLog} works. */
export interface DropLogOptions {
  readonly log: Pick<Log, "warn">;
  readonly clock: Pick<Clock, "after">;
}

/** Says in the log what could not be recorded: the first time at once, then what came together. */
export class DropLog implements Disposable {
  readonly #options: DropLogOptions;
  #parts = 0;
  #lines = 0;
  #files = 0;
  #pause: Timer | null = null;

  constructor(options: DropLogOptions) {
    this.#options = options;
  }

  /** Adds what there was no room for. */
  add({ parts, lines, files = 0 }: DroppedRecords): void {
    if (parts + lines + files === 0) return;
    this.#files += files;
    this.#parts += parts;
    this.#lines += lines;
    if (this.#pause === null) this.#tell();
  }

  /** Says what is left to say. */
  [Symbol.dispose](): void {
    this.#tell();
    this.#pause?.[Symbol.dispose]();
  }

  #tell(): void {
    const said = [
      ...(this.#files > 0 ? [`${this.#files} downloads were counted for their mirrors only`] : []),
      ...(this.#parts > 0 ? [`${this.#parts} ranged requests were not counted`] : []),
      ...(this.#lines > 0 ? [`${this.#lines} lines of the download log were dropped`] : []),
    ];
    this.#parts = this.#lines = this.#files = 0;
    this.#pause?.[Symbol.dispose]();
    this.#pause = null;
    if (said.length === 0) return;
    this.#options.log.warn(`Too much to record at once: ${said.join(", ")}`);
    this.#pause = this.#options.clock.after(INTERVAL, () => this.#tell());
  }
}
