import type { ExclusionReason } from "./exclusion_reason.ts";
import { exclusionNumber } from "./exclusion_types.ts";

/** The number of a type of reason, how many mirrors were left out for it, and so on. */
export type ExclusionPairs = readonly number[];

/** Counts reasons by their type; what comes out is one object for the same counts, many of which are kept. */
export class ExclusionCounts {
  readonly #counts = new Map<number, number>();
  readonly #known = new Map<string, ExclusionPairs>();

  /** Counts a mirror that was left out, but for those of which the client is to know nothing. */
  add({ type }: ExclusionReason): void {
    if (type === "networks") return;
    const number = exclusionNumber(type);
    this.#counts.set(number, (this.#counts.get(number) ?? 0) + 1);
  }

  /** Takes out what was counted since the last time. @returns `null`: nothing was */
  take(): ExclusionPairs | null {
    if (this.#counts.size === 0) return null;
    const pairs = [...this.#counts].flat();
    this.#counts.clear();
    const key = pairs.join(" ");
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    // There are as many as combinations of what is wrong: some, unless mirrors change all the time.
    if (this.#known.size < MOST_KNOWN) this.#known.set(key, pairs);
    return pairs;
  }
}

const MOST_KNOWN = 1_000;
