import { someFilesBelow, type SourceDirectory } from "../../catalog/source_tree.ts";
import { type KnownFile, ListingError } from "../lister.ts";
import type { Warnings } from "../warnings.ts";
import type { DirectoryJudge } from "./directory_judge.ts";
import type { FileFinding } from "./file_finding.ts";
import type { DirectoryPage } from "./page_reader.ts";
import type { Trust } from "./scan_memory.ts";

/** Files of a directory that seems empty, from which on it is not believed, and how many are asked for. */
const NOT_EMPTY = 10;
const EMPTY_LOOKS = 3;

/** What {@linkcode PageJudge} works with. */
export interface PageJudgeOptions {
  readonly judge: DirectoryJudge;
  readonly known: KnownFile;
  readonly warnings: Warnings;
}

/** Judges what a mirror answers for a directory, whatever it is. */
export class PageJudge {
  readonly #options: PageJudgeOptions;
  readonly #unread: string[];
  #reason = "";

  /** @param unread what nobody knows of is added */
  constructor(options: PageJudgeOptions, unread: string[]) {
    this.#options = options;
    this.#unread = unread;
  }

  /** Why the first directory was unread; empty: none was. */
  get reason(): string {
    return this.#reason;
  }

  /**
   * Judges the files of a directory.
   *
   * @returns `null` when nobody knows what is in it
   * @throws {ListingError} when the mirror itself does not answer
   */
  async judge(
    directory: SourceDirectory,
    page: DirectoryPage,
    trust: Trust,
  ): Promise<FileFinding[] | null> {
    const { judge } = this.#options;
    const { path } = directory;
    if (page.type === "unread") {
      if (path === "") {
        if (!page.connected) throw new ListingError(`HTTP: ${page.reason}`);
        await this.#checkRoot(directory, page.reason);
      }
      return this.#leave(path, `Cannot read "${path}/": ${page.reason}`, page.reason);
    }
    if (page.type === "none") {
      if (path === "" && page.status !== 200) {
        await this.#checkRoot(directory, `Got status code ${page.status}`);
      }
      const missing = page.status === 404 || page.status === 410;
      return await judge.byProbes(directory, missing, trust);
    }
    const seemsEmpty = page.page.entries.length === 0 && this.#knownIn(directory) >= NOT_EMPTY;
    if (seemsEmpty && await this.#isThere(directory)) {
      return this.#leave(path, `"${path}/" shows nothing, and has files all the same`);
    }
    return await judge.byListing(directory, page.page, trust);
  }

  #leave(path: string, warning: string, reason = warning): null {
    this.#unread.push(`${path}/`);
    this.#options.warnings.add(warning);
    this.#reason ||= reason;
    return null;
  }

  /** @throws {ListingError} when a mirror that refuses its base URL has no file either */
  async #checkRoot(root: SourceDirectory, reason: string): Promise<void> {
    if (!await this.#isThere(root)) {
      throw new ListingError(`HTTP: No file is there, nor a listing: ${reason}`);
    }
  }

  #knownIn({ path, files }: SourceDirectory): number {
    let count = 0;
    for (const name of files.keys()) if (this.#options.known(`${path}/${name}`) !== null) count++;
    return count;
  }

  /** Whether one of some files below a directory is there. */
  async #isThere(directory: SourceDirectory): Promise<boolean> {
    for (const file of someFilesBelow(directory, EMPTY_LOOKS)) {
      if ((await this.#options.judge.ask(file.path, file)).type === "copy") return true;
    }
    return false;
  }
}
