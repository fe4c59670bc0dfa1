/** Files that one client always gets from the same mirror: they fit together. */
export interface Tree {
  /** Every path below it begins so. */
  readonly prefix: string;
}

/** The trees of a configuration. */
export class Trees {
  readonly #trees: readonly Tree[];
  /** Second half of the salt: what the mirrors' IDs are mixed with, 32 bits. */
  readonly key: number;

  /**
   * Keeps them in order: the first that fits counts.
   *
   * @param prefixes with a leading slash
   * @param key the second half of the salt
   */
  constructor(prefixes: readonly string[], key: number) {
    this.#trees = prefixes.map((prefix) => ({ prefix }));
    this.key = key;
  }

  /** The tree that a path belongs to; `null`: none. */
  of(path: string): Tree | null {
    return this.#trees.find(({ prefix }) => path.startsWith(prefix)) ?? null;
  }
}
