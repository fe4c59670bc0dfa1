import type { SourceDirectory } from "../../catalog/source_tree.ts";

/** Which directories of a walk come first: those that the last one did not reach, and those above them. */
export class WalkOrder {
  readonly #first = new Set<string>();

  /** @param late paths that the last walk did not reach */
  constructor(root: SourceDirectory, late: ReadonlySet<string>) {
    if (late.size > 0) this.#look(root, late);
  }

  #look({ path, directories }: SourceDirectory, late: ReadonlySet<string>): boolean {
    let first = late.has(path);
    for (const below of directories.values()) if (this.#look(below, late)) first = true;
    if (first) this.#first.add(path);
    return first;
  }

  /** Puts what comes first at the end, where it is taken from. */
  sort(directories: Iterable<SourceDirectory>): SourceDirectory[] {
    const all = [...directories];
    if (this.#first.size === 0) return all;
    const first = (one: SourceDirectory): boolean => this.#first.has(one.path);
    return [...all.filter((one) => !first(one)), ...all.filter(first)];
  }
}
