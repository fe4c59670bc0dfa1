/**
 * What is wrong with a store that may answer all the same. Texts are short, without addresses, paths or
 * secrets: load balancers are shown them.
 */
export class StoreCondition {
  readonly #troubles = new Map<string, string>();
  readonly #changed: () => void;

  /** @param changed called whenever {@linkcode trouble} is something else */
  constructor(changed: () => void) {
    this.#changed = changed;
  }

  /** Everything that is wrong now, in one line; `null`: nothing. */
  get trouble(): string | null {
    return this.#troubles.size === 0 ? null : [...this.#troubles.values()].join("; ");
  }

  /** Whether one thing is wrong. */
  has(kind: string): boolean {
    return this.#troubles.has(kind);
  }

  /**
   * Says how one thing is.
   *
   * @param kind names the thing
   * @param trouble what is wrong with it; `null`: nothing any more
   * @returns whether that is news
   */
  set(kind: string, trouble: string | null): boolean {
    if ((this.#troubles.get(kind) ?? null) === trouble) return false;
    if (trouble === null) this.#troubles.delete(kind);
    else this.#troubles.set(kind, trouble);
    this.#changed();
    return true;
  }
}
