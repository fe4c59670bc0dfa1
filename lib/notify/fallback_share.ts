import type { Config } from "../config/config.ts";
import type { Concern } from "./concern.ts";

const MINUTE = 60_000;

/** Minutes that are looked at. */
const WINDOW = 10;

/** Fewer answers than that say nothing. */
const LEAST_ANSWERS = 100;

/** How many answers there were, and how many of them named a fallback. */
export interface AnswerCount {
  readonly all: number;
  readonly fallback: number;
}

/** What a {@linkcode FallbackShare} works with. */
export interface FallbackShareOptions {
  readonly config: () => Pick<Config, "fallbackShare">;
  /** Name of this machine. */
  readonly machine: string;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

/** Knows how many of a node's answers of the last ten minutes were fallbacks'. */
export class FallbackShare {
  readonly #options: FallbackShareOptions;
  /** By minute, at most as many as are looked at. */
  readonly #minutes = new Map<number, { all: number; fallback: number }>();
  readonly #started: number;
  #since: number | null = null;

  constructor(options: FallbackShareOptions) {
    this.#options = options;
    this.#started = options.now();
  }

  /** Counts answers that were given just now. */
  add({ all, fallback }: AnswerCount): void {
    if (all === 0) return;
    const minute = Math.floor(this.#options.now() / MINUTE);
    const count = this.#minutes.get(minute) ?? { all: 0, fallback: 0 };
    count.all += all;
    count.fallback += fallback;
    this.#minutes.set(minute, count);
    this.#forget(minute);
  }

  /** What is wrong now. */
  concerns(now: number): Concern[] {
    this.#forget(Math.floor(now / MINUTE));
    let [all, fallback] = [0, 0];
    for (const count of this.#minutes.values()) {
      all += count.all;
      fallback += count.fallback;
    }
    const share = all === 0 ? 0 : fallback / all * 100;
    const { machine: subject } = this.#options;
    const undecided = all < LEAST_ANSWERS && Math.abs(now - this.#started) < WINDOW * MINUTE;
    if (undecided) {
      return [{
        event: "fallback",
        subject,
        reason: "",
        cause: "",
        since: now,
        level: "",
        held: true,
      }];
    }
    if (all < LEAST_ANSWERS || share <= this.#options.config().fallbackShare) {
      this.#since = null;
      return [];
    }
    const since = this.#since ??= now;
    const reason = `fallbacks gave ${Math.round(share)} percent of ${all} answers in 10 minutes`;
    return [{ event: "fallback", subject, reason, cause: "", since, level: "" }];
  }

  /** Minutes of a clock that was set back are none of the last ten either. */
  #forget(minute: number): void {
    for (const one of this.#minutes.keys()) {
      if (one > minute || one <= minute - WINDOW) this.#minutes.delete(one);
    }
  }
}
