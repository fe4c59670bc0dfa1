/** How a {@linkcode LineOrder} works. */
export interface LineOrderOptions {
  /** Takes lines in order, in blocks without a line end after the last. */
  readonly write: (blocks: readonly string[]) => void;
  /** Milliseconds, from whatever beginning, that never go back. */
  readonly now: () => number;
  /** Milliseconds that a block waits for earlier lines of other threads; default 200. */
  readonly patience?: number;
}

interface Waiting {
  readonly since: number;
  readonly lines: readonly string[];
}

/**
 * Brings lines of several threads into the order of their times. Threads send lines in batches, each
 * in order; a line may come some time after later ones of another thread. Every line begins with its
 * time, in a form that sorts as text.
 */
export class LineOrder implements Disposable {
  readonly #options: LineOrderOptions;
  #waiting: Waiting[] = [];
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(options: LineOrderOptions) {
    this.#options = options;
  }

  /** Adds what a thread sent. @param blocks lines, or several lines each */
  add(blocks: readonly string[]): void {
    if (blocks.length === 0) return;
    const lines = blocks.flatMap((block) => block.split("\n"));
    this.#waiting.push({ since: this.#options.now(), lines });
    this.#timer ??= setTimeout(() => this.#release(), this.#patience);
  }

  /** Writes everything there is, now. */
  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#write(this.#waiting.flatMap(({ lines }) => lines));
    this.#waiting = [];
  }

  /** Writes what there is. */
  [Symbol.dispose](): void {
    this.flush();
  }

  get #patience(): number {
    return this.#options.patience ?? 200;
  }

  /** Writes every line that is not later than those that have waited long enough. */
  #release(): void {
    this.#timer = undefined;
    const due = this.#options.now() - this.#patience;
    let last = "";
    for (const { since, lines } of this.#waiting) {
      const latest = lines.at(-1)!;
      if (since <= due && latest > last) last = latest;
    }
    const ready: string[] = [];
    const waiting: Waiting[] = [];
    for (const { since, lines } of this.#waiting) {
      const end = lines.findIndex((line) => line > last);
      const count = end < 0 ? lines.length : end;
      for (let i = 0; i < count; i++) ready.push(lines[i]!);
      if (count < lines.length) waiting.push({ since, lines: lines.slice(count) });
    }
    this.#waiting = waiting;
    this.#write(ready);
    const oldest = waiting[0];
    if (oldest === undefined) return;
    const pause = Math.max(1, oldest.since + this.#patience - this.#options.now());
    this.#timer = setTimeout(() => this.#release(), pause);
  }

  #write(lines: string[]): void {
    if (lines.length === 0) return;
    this.#options.write([lines.sort().join("\n")]);
  }
}
