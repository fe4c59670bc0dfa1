import type { Config } from "../config/config.ts";
import type { Concern } from "./concern.ts";

/** Milliseconds without a good scan that nobody need worry about. */
const CALM = 3_600_000;

/** What a {@linkcode SourceWatch} works with. */
export interface SourceWatchOptions {
  readonly config: () => Pick<Config, "repositoryScanInterval">;
  /** Name of this machine. */
  readonly machine: string;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

/**
 * Knows whether this node gets to scan its copy of the source: a scan that was refused is worth a word
 * at once, and that there was no good one for an hour, or for three intervals if that is longer.
 */
export class SourceWatch {
  readonly #options: SourceWatchOptions;
  #good: number;
  /** Whether no scan has ended yet. */
  #undecided = true;
  #refused: { readonly since: number; readonly reason: string } | null = null;

  constructor(options: SourceWatchOptions) {
    this.#options = options;
    this.#good = options.now();
  }

  /** A scan ended well. */
  scanned(): void {
    this.#good = this.#options.now();
    this.#refused = null;
    this.#undecided = false;
  }

  /** The repository could not be used, or looked as if it had been lost. */
  refused(reason: string): void {
    this.#refused = { since: this.#refused?.since ?? this.#options.now(), reason };
  }

  /** What is wrong now. */
  concerns(now: number): Concern[] {
    const { config, machine: subject } = this.#options;
    const common = { event: "source", subject, cause: "", level: "" } as const;
    if (this.#refused !== null) return [{ ...common, ...this.#refused }];
    const held = { ...common, reason: "", since: now, held: true };
    const { repositoryScanInterval } = config();
    const late = Math.max(CALM, 3 * repositoryScanInterval * 60_000);
    if (repositoryScanInterval === 0 || now - this.#good < late) {
      return this.#undecided ? [held] : [];
    }
    return [{ ...common, reason: "no scan of the repository ended well", since: this.#good }];
  }
}
