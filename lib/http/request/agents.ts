import { RE2JS } from "re2js";

/** Programs that are remembered at most; then all are forgotten. */
const REMEMBERED = 10_000;

/** Characters of what a program calls itself that are looked at; browsers take some 150. */
const LONGEST = 512;

/** Programs that count apart: mirrors of mirrors, monitors, crawlers. */
export class Agents {
  readonly #patterns: readonly RE2JS[];
  readonly #known = new Map<string, boolean>();

  /**
   * @param patterns regular expressions in RE2's syntax, each found anywhere, in any case
   * @throws Error when one is none
   */
  constructor(patterns: readonly string[]) {
    this.#patterns = patterns.map((pattern) => RE2JS.compile(pattern, RE2JS.CASE_INSENSITIVE));
  }

  /** Programs that are remembered, for tests: at most 10 000. */
  get remembered(): number {
    return this.#known.size;
  }

  /** @param agent what a program calls itself; `null`: nothing, and it does not count apart */
  has(agent: string | null): boolean {
    if (agent === null) return false;
    const known = this.#known.get(agent);
    if (known !== undefined) return known;
    const text = agent.slice(0, LONGEST);
    const found = this.#patterns.some((pattern) => pattern.test(text));
    if (this.#known.size >= REMEMBERED) this.#known.clear();
    // Nobody is to fill the memory with long texts.
    if (agent.length <= LONGEST) this.#known.set(agent, found);
    return found;
  }
}
