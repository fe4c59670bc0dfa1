/** Warnings kept of one scan. */
const MAX_WARNINGS = 20;

/** Collects warnings: the first few in words, the rest as a number. */
export class Warnings {
  readonly #kept: string[] = [];
  #more = 0;

  /** @param message a sentence for the operator */
  add(message: string): void {
    if (this.#kept.length < MAX_WARNINGS) this.#kept.push(message);
    else this.#more++;
  }

  /** How many there were. */
  get count(): number {
    return this.#kept.length + this.#more;
  }

  /**
   * Takes all of another collection.
   *
   * @param about what they are about, before each
   */
  addAll(others: Warnings, about: string): void {
    for (const message of others.#kept) this.add(`${about}: ${message}`);
    this.#more += others.#more;
  }

  /** The warnings, oldest first. */
  all(): string[] {
    return this.#more === 0 ? [...this.#kept] : [...this.#kept, `… and ${this.#more} more`];
  }
}
