import type { Clock, Timer } from "../../clock/clock.ts";
import type { HttpConfig } from "./config.ts";

/** Bytes of a part of a file, at most: what is as small as this is sent in one. */
const PART = 65_536;

/** Of what may be sent at once, this part is left for those who come. */
const RESERVE = 0.25;

/** The least time until it is looked again whether somebody may go on, in milliseconds. */
const TICK = 5;

/** A file that is being sent. Disposing of it, also twice, makes room for another one. */
export interface Sending extends Disposable {
  /** Bytes of a part, at most. */
  readonly part: number;
  /** Waits until a further part may be sent: the first was counted when it began. */
  next(bytes: number): Promise<void>;
}

interface Waiting {
  readonly sending: Sending;
  readonly bytes: number;
  readonly go: () => void;
}

/**
 * How much one thread may send from the repository: so many files at once, so many bytes a second. Those that
 * are being sent share the bytes in turn, and leave some for small files that are asked for meanwhile; of
 * two large ones, the second has to go elsewhere while the first takes all that there is.
 */
export class OwnShare {
  readonly #clock: Pick<Clock, "after" | "elapsed">;
  readonly #sending = new Set<Sending>();
  #waiting: Waiting[] = [];
  #timer: Timer | null = null;
  #most = 0;
  /** Bytes in a millisecond. */
  #rate = 0;
  /** Bytes that may be sent at once. */
  #burst = 0;
  #left = 0;
  #filled: number;

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
    this.#rate = burst / 1000;
    this.#burst = this.#left = burst;
    this.#filled = this.#clock.elapsed();
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
    const part = Math.max(1, Math.min(PART, Math.floor(this.#burst * RESERVE)));
    const first = Math.min(length, part);
    if (this.#sending.size >= this.#most || this.#left < first) return null;
    if (this.#waiting.length > 0 && length > part) return null;
    this.#left -= first;
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
    if (this.#waiting.length === 0 && this.#mayGo(bytes)) {
      this.#left -= bytes;
      return Promise.resolve();
    }
    const { promise, resolve: go } = Promise.withResolvers<void>();
    this.#waiting.push({ sending, bytes, go });
    this.#goOn();
    return promise;
  }

  #mayGo(bytes: number): boolean {
    // What nothing is begun of any more comes to its end, rather than to wait for ever.
    if (this.#burst === 0) return true;
    return this.#left - bytes >= Math.min(this.#burst * RESERVE, this.#burst - bytes);
  }

  #goOn(): void {
    this.#fill();
    while (this.#waiting.length > 0 && this.#mayGo(this.#waiting[0]!.bytes)) {
      const { bytes, go } = this.#waiting.shift()!;
      this.#left -= bytes;
      go();
    }
    if (this.#waiting.length === 0 || this.#timer !== null) return;
    this.#timer = this.#clock.after(TICK, () => {
      this.#timer = null;
      this.#goOn();
    });
  }

  #fill(): void {
    const now = this.#clock.elapsed();
    this.#left = Math.min(this.#burst, this.#left + (now - this.#filled) * this.#rate);
    this.#filled = now;
  }

  #end(sending: Sending): void {
    if (!this.#sending.delete(sending)) return;
    const own = this.#waiting.filter((waiting) => waiting.sending === sending);
    if (own.length === 0) return;
    this.#waiting = this.#waiting.filter((waiting) => waiting.sending !== sending);
    for (const { go } of own) go();
  }
}
