import type { SourceDirectory } from "../../catalog/source_tree.ts";

/**
 * Directories that a walk has still to look at. Those that earlier walks did not reach, and those above
 * them, come first; of these what has waited for longest, so that nothing waits for ever.
 */
export class WalkOrder {
  /** The walk since which a directory, or one below it, waits. */
  readonly #since = new Map<string, number>();
  /** Those that come first, by that walk. */
  readonly #late = new Map<number, SourceDirectory[]>();
  readonly #others: SourceDirectory[] = [];

  /** @param late paths that earlier walks did not reach, with the number of the first of these walks */
  constructor(root: SourceDirectory, late: ReadonlyMap<string, number>) {
    if (late.size > 0) this.#look(root, late, Infinity);
  }

  /** @param above since when a directory above waits: then what is below it does, too */
  #look(
    { path, directories }: SourceDirectory,
    late: ReadonlyMap<string, number>,
    above: number,
  ): number {
    const own = late.get(path) ?? above;
    let since = own;
    for (const below of directories.values()) since = Math.min(since, this.#look(below, late, own));
    if (since < Infinity) this.#since.set(path, since);
    return since;
  }

  /** The walk since which a directory waits; `undefined`: it does not. */
  sinceOf(path: string): number | undefined {
    return this.#since.get(path);
  }

  /** Notes directories for later. */
  add(directories: Iterable<SourceDirectory>): void {
    for (const directory of directories) {
      const since = this.#since.get(directory.path);
      if (since === undefined) this.#others.push(directory);
      else if (this.#late.has(since)) this.#late.get(since)!.push(directory);
      else this.#late.set(since, [directory]);
    }
  }

  /** Takes the next one; `undefined`: none waits. */
  next(): SourceDirectory | undefined {
    if (this.#late.size === 0) return this.#others.pop();
    const first = Math.min(...this.#late.keys());
    const waiting = this.#late.get(first)!;
    const next = waiting.pop();
    if (waiting.length === 0) this.#late.delete(first);
    return next;
  }

  /** Those that wait. */
  waiting(): SourceDirectory[] {
    return [...this.#late.values(), this.#others].flat();
  }
}
