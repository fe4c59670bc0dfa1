import type { Clock, Timer } from "../clock/clock.ts";

/** How a {@linkcode LineOrder} works. */
export interface LineOrderOptions {
  /** Takes lines in order, in blocks without a line end after the last. */
  readonly write: (blocks: readonly string[]) => void;
  readonly clock: Pick<Clock, "after" | "elapsed">;
  /** Milliseconds that a block waits for earlier lines of other threads; default 200. */
  readonly patience?: number;
}

interface Waiting {
  readonly since: number;
  readonly blocks: readonly string[];
  /** The earliest line, and the latest. */
  readonly first: string;
  readonly last: string;
}

/**
 * Brings lines of several threads into the order of their times. Threads send lines in batches, each
 * in order; a line may come some time after later ones of another thread. Every line begins with its
 * time, in a form that sorts as text.
 */
export class LineOrder implements Disposable {
  readonly #options: LineOrderOptions;
  #waiting: Waiting[] = [];
  #timer: Timer | null = null;

  constructor(options: LineOrderOptions) {
    this.#options = options;
  }

  /** Adds what a thread sent. @param blocks lines in order, or several lines each */
  add(blocks: readonly string[]): void {
    const [first, last] = [blocks[0], blocks.at(-1)];
    if (first === undefined || last === undefined) return;
    const end = first.indexOf("\n");
    this.#waiting.push({
      since: this.#options.clock.elapsed(),
      blocks,
      first: end < 0 ? first : first.slice(0, end),
      last: last.slice(last.lastIndexOf("\n") + 1),
    });
    this.#timer ??= this.#options.clock.after(this.#patience, () => this.#release());
  }

  /** Writes everything there is, now. */
  flush(): void {
    this.#timer?.[Symbol.dispose]();
    this.#timer = null;
    this.#write(this.#waiting);
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
    this.#timer = null;
    const due = this.#options.clock.elapsed() - this.#patience;
    let latest = "";
    for (const { since, last } of this.#waiting) {
      if (since <= due && last > latest) latest = last;
    }
    const ready: Waiting[] = [];
    const waiting: Waiting[] = [];
    for (const one of this.#waiting) {
      if (one.last <= latest) {
        ready.push(one);
      } else if (one.first > latest) {
        waiting.push(one);
      } else {
        const lines = linesOf(one);
        const count = lines.findIndex((line) => line > latest);
        ready.push({ ...one, blocks: lines.slice(0, count), last: lines[count - 1]! });
        waiting.push({ ...one, blocks: lines.slice(count), first: lines[count]! });
      }
    }
    this.#waiting = waiting;
    this.#write(ready);
    const oldest = waiting[0];
    if (oldest === undefined) return;
    const pause = Math.max(1, oldest.since + this.#patience - this.#options.clock.elapsed());
    this.#timer = this.#options.clock.after(pause, () => this.#release());
  }

  #write(ready: readonly Waiting[]): void {
    if (ready.length === 0) return;
    // Of one thread, batches follow each other, and nobody has to look at their lines.
    const inOrder = ready.every(({ first }, index) =>
      index === 0 || ready[index - 1]!.last <= first
    );
    if (inOrder) return this.#options.write(ready.flatMap(({ blocks }) => blocks));
    this.#options.write([ready.flatMap(linesOf).sort().join("\n")]);
  }
}

function linesOf({ blocks }: Waiting): string[] {
  return blocks.flatMap((block) => block.split("\n"));
}
