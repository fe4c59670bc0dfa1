import { type Embargo, isEmbargoed, parseEmbargo } from "../../catalog/embargo.ts";
import type { SourceFile } from "../../catalog/file.ts";

/** Files that wait until enough mirrors have them. */
export class Embargos {
  readonly #paths = new Map<string, Embargo>();
  readonly #now: () => number;

  /**
   * @param notes of the kind `embargo`
   * @param now milliseconds since the epoch
   */
  constructor(notes: ReadonlyMap<string, string>, now: () => number) {
    this.#now = now;
    for (const [path, text] of notes) {
      const embargo = parseEmbargo(text);
      if (embargo !== null) this.#paths.set(path, embargo);
    }
  }

  /** Whether this version of a file waits. */
  has(file: SourceFile): boolean {
    return isEmbargoed(this.#paths.get(file.path), file, this.#now());
  }
}
