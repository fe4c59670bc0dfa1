import type { ListedFile } from "../catalog/file.ts";
import type { Config } from "../config/config.ts";
import { Breather } from "./breather.ts";
import type { HashedContents } from "./file_hasher.ts";
import { HashQueue } from "./hash_queue.ts";
import type { HashWishes } from "./hash_wishes.ts";

/** What a {@linkcode HashLane} works with. */
export interface HashLaneOptions {
  /** The configuration in force now. */
  readonly config: () => Pick<Config, "repository" | "workers"> & { readonly hashes: HashWishes };
  /** Whether a thread cannot be started, for want of file descriptors. */
  readonly pressure?: (() => boolean) | undefined;
  /** Told of each file that was read. */
  readonly onHashed: (contents: HashedContents) => void;
  /** Told of what failed; a file that is gone is no failure. */
  readonly onFailed: (path: string, error: unknown) => void;
  /** Milliseconds. */
  readonly now: () => number;
  readonly signal: AbortSignal;
}

/** Hashes files, in the order in which they are named, as long as there are some. */
export class HashLane {
  readonly #options: HashLaneOptions;
  #waiting = new Map<string, ListedFile>();
  #task: Promise<void> | null = null;

  constructor(options: HashLaneOptions) {
    this.#options = options;
  }

  /** Files that wait. */
  get length(): number {
    return this.#waiting.size;
  }

  /** Takes a file to hash; one that waits already is hashed as it is now. */
  add(file: ListedFile): void {
    this.#waiting.set(file.path, file);
    this.#task ??= this.#work()
      // What waits is hashed with the next file, or by the next scan.
      .catch((error) => this.#options.onFailed(file.path, error))
      .finally(() => this.#task = null);
  }

  /** Waits until nothing is hashed any more. */
  async settled(): Promise<void> {
    await this.#task;
  }

  async #work(): Promise<void> {
    const { config, pressure, onHashed, onFailed, now, signal } = this.#options;
    while (this.#waiting.size > 0 && !signal.aborted) {
      const files = this.#waiting;
      this.#waiting = new Map();
      const { repository, hashes, workers } = config();
      await using queue = new HashQueue({
        repository,
        hashes,
        pressure,
        signal,
        breather: new Breather(now, signal, workers !== 0),
        onHashed,
        onFailed: (error, { path }) => onFailed(path, error),
      });
      for (const file of files.values()) queue.add(file);
      try {
        await queue.finish();
      } catch (error) {
        if (signal.aborted) return;
        throw error;
      }
    }
  }
}
