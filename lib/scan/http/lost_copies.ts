import type { SourceDirectory, SourceTree } from "../../catalog/source_tree.ts";
import { type KnownFile, ListingError } from "../lister.ts";
import type { DirectoryJudge } from "./directory_judge.ts";
import type { FileFinding } from "./file_finding.ts";

/** What is asked for when a mirror seems to have lost, or changed, most of what it had. */
const MANY = 100;
const LOOKS = 10;
const AGREEING = 9;

/** Doubts a listing that shows most of what a mirror had as gone, or as something else. */
export class LostCopies {
  #known = 0;
  /** Files that a listing alone says are gone or different, though they were known. */
  readonly #lost: string[] = [];

  /** Takes note of a file. */
  note(finding: FileFinding, known: KnownFile): void {
    const path = finding.type === "copy" ? finding.file.path : finding.path;
    if (known(path) === null) return;
    this.#known++;
    const believed = finding.type === "unread" || finding.sure;
    if (!believed && (finding.type === "gone" || !finding.same)) this.#lost.push(path);
  }

  /** Takes note of a directory that is gone with all below it. */
  noteGone(directory: SourceDirectory, known: KnownFile): void {
    for (const name of directory.files.keys()) {
      this.note({ type: "gone", path: `${directory.path}/${name}`, sure: false }, known);
    }
    for (const below of directory.directories.values()) this.noteGone(below, known);
  }

  /**
   * Asks for some of them, if they are many.
   *
   * @param random 0 to 1, exclusive
   * @throws {ListingError} when they are there after all
   */
  async check(
    judge: Pick<DirectoryJudge, "ask">,
    source: SourceTree,
    random: () => number,
  ): Promise<void> {
    if (this.#lost.length <= MANY || this.#lost.length * 2 <= this.#known) return;
    let agreeing = 0;
    for (let look = 0; look < LOOKS; look++) {
      const path = this.#lost[Math.floor(random() * this.#lost.length)]!;
      const found = await judge.ask(path, source.find(path)!);
      if (found.type === "gone" || (found.type === "copy" && !found.same)) agreeing++;
    }
    if (agreeing < AGREEING) {
      throw new ListingError("HTTP: The listing does not show what the mirror serves");
    }
  }
}
