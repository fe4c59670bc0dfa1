import type { Clock, Timer } from "../../clock/clock.ts";
import { StoreUnavailableError } from "../store.ts";
import { message } from "./store_error.ts";

/** What tells a file from another of the same name. */
interface Stamp {
  readonly device: number;
  readonly inode: number | null;
  readonly size: number;
}

/** What {@linkcode FileWatch} works with. */
export interface FileWatchOptions {
  /** The database file, open already. */
  readonly path: string;
  /** Called once when something is wrong with the file, with words for the log. */
  readonly lost: (error: StoreUnavailableError) => void;
  readonly clock: Pick<Clock, "every">;
}

/** Milliseconds between two looks. */
const EVERY = 10_000;

/**
 * Looks from time to time whether the database file is still the one that was opened: SQLite goes on with
 * a file that was removed, and what it writes is gone at the next start. What was lost stays lost, until
 * the store is opened again.
 */
export class FileWatch implements Disposable {
  readonly #options: FileWatchOptions;
  readonly #timer: Timer;
  #file: Stamp | null;
  #journal: Stamp | null;
  #error: StoreUnavailableError | null = null;

  /** Looks at the file now, and from then on. */
  constructor(options: FileWatchOptions) {
    this.#options = options;
    this.#file = stampOf(options.path);
    this.#journal = stampOf(`${options.path}-wal`);
    this.#timer = options.clock.every(EVERY, () => this.look());
  }

  /** What is wrong; `null`: nothing that was seen. */
  get error(): StoreUnavailableError | null {
    return this.#error;
  }

  /** Looks now. */
  look(): void {
    if (this.#error !== null) return;
    const { path, lost } = this.#options;
    const file = stampOf(path);
    const journal = stampOf(`${path}-wal`);
    const words = this.#judge(file, journal);
    this.#file = file;
    this.#journal = journal ?? this.#journal;
    if (words === null) return;
    const advice = "what is written now would be lost, and is refused; save what is known with " +
      "`mirrorbits export`, put a backup in its place, and start the daemon again";
    this.#error = new StoreUnavailableError(message(path, `${words}; ${advice}`));
    lost(this.#error);
  }

  [Symbol.dispose](): void {
    this.#timer[Symbol.dispose]();
  }

  #judge(file: Stamp | null, journal: Stamp | null): string | null {
    if (file === null) return "its file was removed";
    if (this.#file !== null) {
      if (!isSame(file, this.#file)) return "another file was put in its place";
      // In this mode SQLite never makes it smaller.
      if (file.size < this.#file.size) return "its file was cut";
    }
    if (this.#journal === null) return null;
    if (journal === null) return "its journal was removed";
    return isSame(journal, this.#journal) ? null : "another file was put in its journal's place";
  }
}

/** @returns `null` when there is no such file */
function stampOf(path: string): Stamp | null {
  try {
    const { dev, ino, size } = Deno.statSync(path);
    return { device: dev, inode: ino, size };
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    // It cannot be told from here.
    return { device: -1, inode: null, size: Infinity };
  }
}

function isSame(a: Stamp, b: Stamp): boolean {
  if (a.device < 0 || b.device < 0) return true;
  return a.device === b.device && a.inode === b.inode;
}
