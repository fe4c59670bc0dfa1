import type { Clock, Timer } from "../../clock/clock.ts";
import type { HttpConfig } from "./config.ts";

/** Bytes of a part of a file, at most: what is as small as this is sent in one. */
const PART = 65_536;

/** Of what may be sent at once, this part is left for those who come. */
const RESERVE = 0.25;

/** Milliseconds whose bytes files that are being sent may make up for: so late may a timer be. */
const LATE = 200;

/** Milliseconds whose bytes they get at once: what else the thread has to do waits for no more than that. */
const AT_ONCE = 4;

/** How much faster than allowed they may be sent to make up for what was late. */
const CATCH_UP = 3;

/** Milliseconds that files may wait for each other until no further large one is begun, at most. */
const PATIENCE = 1_000;

/** What has to be left of it. */
const LEAST_PATIENCE = 250;

/** The least time until it is looked again whether somebody may go on, in milliseconds. */
const TICK = 1;

/** A file that is being sent. Disposing of it, also twice, makes room for another one. */
export interface Sending extends Disposable {
  /** Bytes of a part, at most. */
  readonly part: number;
  /** Waits until a further part may be sent: the first was counted when it began. */
  next(bytes: number): Promise<void>;
}

/** Bytes that may be sent; they come back with time, up to so many. */
class Allowance {
  readonly #most: number;
  readonly #rate: number;
  left: number;

  /**
   * @param most bytes
   * @param rate bytes that come back in a millisecond
   */
  constructor(most: number, rate: number) {
    this.#most = this.left = most;
    this.#rate = rate;
  }

  fill(milliseconds: number): void {
    this.left = Math.min(this.#most, this.left + milliseconds * this.#rate);
  }

  /** Milliseconds until there are so many. */
  until(bytes: number): number {
    return Math.max(0, Math.min(bytes, this.#most) - this.left) / this.#rate;
  }
}

interface Waiting {
  readonly sending: Sending;
  readonly bytes: number;
  readonly go: () => void;
}

/**
 * How much one thread may send from the repository: so many files at once, so many bytes a second. Those that
 * are being sent share the bytes in turn, a few milliseconds' worth at a time, and leave some for small files
 * that are asked for meanwhile; of two large ones, the second has to go elsewhere while the first has been
 * taking all that there is for some time.
 */
export class OwnShare {
  readonly #clock: Pick<Clock, "after" | "elapsed">;
  readonly #sending = new Set<Sending>();
  #waiting: Waiting[] = [];
  #timer: Timer | null = null;
  #most = 0;
  /** Bytes of a second; they may be sent at once by small files. */
  #burst = 0;
  #part = 1;
  /** For all together. */
  #all = new Allowance(0, 1);
  /** For files that are being sent: no more than comes back. */
  #sent = this.#all;
  /** For those in one go. */
  #step = this.#all;
  #filled: number;
  /** Less while somebody waits, more while nobody does. */
  #patience = PATIENCE;

  constructor(clock: Pick<Clock, "after" | "elapsed">) {
    this.#clock = clock;
    this.#filled = clock.elapsed();
  }

  /** Files that are being sent. */
  get size(): number {
    return this.#sending.size;
  }

  /**
   * Takes over the limits.
   *
   * @param limits of the process; `null`: nothing is sent
   * @param threads how many share them
   */
  configure(limits: HttpConfig["serveLocally"], threads: number): void {
    const { maxConnections = 0, maxBytesPerSecond = 0 } = limits ?? {};
    this.#most = Math.max(Math.floor(maxConnections / threads), Math.min(1, maxConnections));
    const burst = maxBytesPerSecond / threads;
    if (burst === this.#burst) return;
    const rate = burst / 1000;
    this.#burst = burst;
    this.#part = Math.max(1, Math.min(PART, Math.floor(burst * RESERVE)));
    this.#all = new Allowance(burst, rate);
    this.#sent = new Allowance(Math.max(this.#part, LATE * rate), rate);
    this.#step = new Allowance(Math.max(this.#part, AT_ONCE * rate), CATCH_UP * rate);
    this.#filled = this.#clock.elapsed();
    this.#patience = PATIENCE;
    this.#stopTimer();
    this.#goOn();
  }

  /**
   * Begins to send.
   *
   * @param length bytes in all
   * @returns `null`: there is no room for it now
   */
  begin(length: number): Sending | null {
    this.#fill();
    const part = this.#part;
    const first = Math.min(length, part);
    if (this.#sending.size >= this.#most || this.#all.left < first) return null;
    if (this.#patience < LEAST_PATIENCE && length > part) return null;
    this.#all.left -= first;
    let begun = false;
    const sending: Sending = {
      part,
      next: (bytes) => {
        if (begun || bytes > first) return this.#wait(sending, bytes);
        begun = true;
        return Promise.resolve();
      },
      [Symbol.dispose]: () => this.#end(sending),
    };
    this.#sending.add(sending);
    return sending;
  }

  #wait(sending: Sending, bytes: number): Promise<void> {
    this.#fill();
    const { promise, resolve: go } = Promise.withResolvers<void>();
    this.#waiting.push({ sending, bytes, go });
    this.#goOn();
    return promise;
  }

  #goOn(): void {
    this.#fill();
    while (this.#waiting.length > 0) {
      const { bytes, go } = this.#waiting[0]!;
      const time = this.#untilNext(bytes);
      if (time > 0) return this.#goOnAfter(time);
      this.#waiting.shift();
      for (const allowance of [this.#all, this.#sent, this.#step]) allowance.left -= bytes;
      go();
    }
  }

  #goOnAfter(time: number): void {
    this.#timer ??= this.#clock.after(Math.max(TICK, Math.ceil(time)), () => {
      this.#timer = null;
      this.#goOn();
    });
  }

  #stopTimer(): void {
    this.#timer?.[Symbol.dispose]();
    this.#timer = null;
  }

  /** Milliseconds until somebody who waits may send so many bytes. */
  #untilNext(bytes: number): number {
    // What nothing is begun of any more comes to its end, rather than to wait for ever.
    if (this.#burst === 0) return 0;
    const kept = Math.min(this.#burst * RESERVE, this.#burst - bytes);
    return Math.max(
      this.#all.until(bytes + kept),
      this.#sent.until(bytes),
      this.#step.until(bytes),
    );
  }

  #fill(): void {
    const now = this.#clock.elapsed();
    const time = now - this.#filled;
    this.#filled = now;
    for (const allowance of [this.#all, this.#sent, this.#step]) allowance.fill(time);
    const patience = this.#patience + (this.#waiting.length > 0 ? -time : time);
    this.#patience = Math.max(0, Math.min(PATIENCE, patience));
  }

  #end(sending: Sending): void {
    if (!this.#sending.delete(sending)) return;
    this.#fill();
    // Who comes next has everything for itself.
    if (this.#sending.size === 0) this.#patience = PATIENCE;
    const own = this.#waiting.filter((waiting) => waiting.sending === sending);
    if (own.length === 0) return;
    this.#waiting = this.#waiting.filter((waiting) => waiting.sending !== sending);
    if (this.#waiting.length === 0) this.#stopTimer();
    for (const { go } of own) go();
  }
}
