/** Milliseconds without a write until a file counts as written, unless its closing shows before. */
const QUIET = 700;

/** Milliseconds after which a file is looked at though it is written to all the time. */
const LONGEST = 60_000;

/** Paths that wait at most; of more than these nobody keeps the names. */
const MOST = 50_000;

/** When one file was written to. */
interface Writing {
  readonly first: number;
  last: number;
}

/**
 * Paths that changed and wait to be looked at. A file that is still being written waits alone: until it is
 * closed, or nobody has written to it for a while.
 */
export class ChangedPaths {
  readonly #ready = new Set<string>();
  readonly #writing = new Map<string, Writing>();
  readonly #quiet: number;
  readonly #most: number;
  #overflown = false;

  /**
   * @param quiet milliseconds without a write until a file counts as written; default 700
   * @param most paths that wait at most; default 50 000
   */
  constructor(quiet: number = QUIET, most: number = MOST) {
    this.#quiet = quiet;
    this.#most = most;
  }

  /** Whether there were more than could be kept since this was asked last: anything may have changed. */
  takeOverflow(): boolean {
    const overflown = this.#overflown;
    this.#overflown = false;
    return overflown;
  }

  /** Whether nothing waits. */
  get empty(): boolean {
    return this.#ready.size + this.#writing.size === 0;
  }

  /**
   * Takes in what the system tells of a path.
   *
   * @param time milliseconds that never go back
   */
  note(path: string, kind: Deno.FsEvent["kind"], time: number): void {
    if (kind === "modify") {
      this.#write(path, time);
    } else if (kind === "access") {
      // Closed after it was written to.
      if (this.#writing.delete(path)) this.#ready.add(path);
    } else {
      // Made, moved or gone; who goes on to write to it shows that.
      this.#writing.delete(path);
      this.#ready.add(path);
    }
    if (this.#ready.size + this.#writing.size <= this.#most) return;
    this.#ready.clear();
    this.#writing.clear();
    this.#overflown = true;
  }

  /** Takes out what can be looked at now. */
  take(time: number): string[] {
    for (const [path, { first, last }] of this.#writing) {
      if (time - last < this.#quiet && time - first < LONGEST) continue;
      this.#writing.delete(path);
      this.#ready.add(path);
    }
    const paths = [...this.#ready];
    this.#ready.clear();
    return paths;
  }

  #write(path: string, time: number): void {
    const writing = this.#writing.get(path);
    if (writing !== undefined) writing.last = time;
    else this.#writing.set(path, { first: time, last: time });
  }
}
