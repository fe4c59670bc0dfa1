import type { ListedFile } from "../../catalog/file.ts";
import { anyFileBelow, type SourceDirectory, type SourceTree } from "../../catalog/source_tree.ts";
import type { Clock } from "../../clock/clock.ts";
import { type KnownFile, ListingError } from "../lister.ts";
import type { Warnings } from "../warnings.ts";
import type { DirectoryJudge, FileFinding } from "./directory_judge.ts";
import { isHiddenName } from "./hidden_name.ts";
import { EndsEarlyError, type HttpRequests } from "./http_requests.ts";
import type { ListingPage } from "./listing_entry.ts";
import { type DirectoryPage, type PageReader, pathOf } from "./page_reader.ts";
import type { RobotRules } from "./robots.ts";
import { runAll } from "./run_all.ts";
import { printOf, type ScanMemory } from "./scan_memory.ts";

/** What {@linkcode HttpWalk} works with. */
export interface HttpWalkOptions {
  readonly source: SourceTree;
  readonly known: KnownFile;
  readonly requests: Pick<HttpRequests, "count">;
  readonly reader: PageReader;
  readonly judge: DirectoryJudge;
  readonly memory: ScanMemory;
  readonly robots: RobotRules;
  /** Of the origin's path to the base URL, encoded, with slashes around. */
  readonly basePath: string;
  readonly clock: Pick<Clock, "now">;
  /** Directories at once. */
  readonly connections: number;
  /** Milliseconds in which everything is looked at once, and between two scans. */
  readonly interval: number;
  readonly scanInterval: number;
  /** When to end, in milliseconds since the epoch. */
  readonly end: number;
  readonly random: () => number;
  readonly warnings: Warnings;
  /** Told of files as they are judged. */
  readonly onFiles: (files: readonly ListedFile[]) => void;
}

/** Directories at the beginning that show no listing, until none is asked for any more. */
const NO_LISTINGS = 10;

/** What is asked for when a mirror seems to have lost, or changed, most of what it had. */
const MANY = 100;
const LOOKS = 10;
const AGREEING = 9;

/** Files of a directory that seems empty, from which on it is not believed, and how many are asked for. */
const NOT_EMPTY = 10;
const EMPTY_LOOKS = 3;

/** One walk through a mirror over HTTP, along the directories of the source. */
export class HttpWalk {
  readonly unread: string[] = [];
  readonly #options: HttpWalkOptions;
  #judged = 0;
  #unlisted = 0;
  #listed = 0;
  #probing = false;
  /** Why the first directory was unread. */
  #reason = "";
  #knownFiles = 0;
  /** Files that a listing alone says are gone or different, though they were known. */
  readonly #lost: string[] = [];

  constructor(options: HttpWalkOptions) {
    this.#options = options;
  }

  /** Walks. @throws {ListingError} when nothing was learnt, or nothing can be believed */
  async run(): Promise<void> {
    const { source, memory, clock, interval, connections, warnings } = this.#options;
    this.#probing = memory.listsNothing(clock.now(), interval);
    const waiting: SourceDirectory[] = [];
    try {
      await this.#directory(source.root, waiting);
      await runAll(waiting, connections, (directory) => this.#directory(directory, waiting));
    } catch (error) {
      if (!(error instanceof EndsEarlyError)) throw error;
      if (this.#judged === 0) throw new ListingError(`HTTP: ${error.message}`, { cause: error });
      for (const { path } of waiting) this.unread.push(path);
      warnings.add(`The scan ended early: ${error.message}`);
    }
    if (this.#judged === 0) throw new ListingError(`HTTP: ${this.#reason}`);
    if (!this.#probing) memory.noteListings(this.#listed > 0, clock.now());
    await this.#believe();
  }

  async #directory(directory: SourceDirectory, waiting: SourceDirectory[]): Promise<void> {
    const { clock, end, memory, robots, basePath, warnings, interval } = this.#options;
    const { path, files, directories } = directory;
    if (clock.now() >= end) {
      this.unread.push(path);
      throw new EndsEarlyError("It took too long");
    }
    if (!robots.allows(`${basePath}${pathOf(directory)}`)) {
      this.unread.push(path);
      warnings.add(`robots.txt disallows "${path}/"`);
      this.#reason ||= "robots.txt disallows it";
      return;
    }
    if (!this.#asksFor(directory)) {
      this.unread.push(`${path}/`);
      this.#judged++;
      waiting.push(...directories.values());
      return;
    }
    const before = memory.get(path);
    const trusted = before !== undefined && clock.now() - before.judged < interval;
    try {
      const alone = path !== "" && files.size === 1 && directories.size === 0;
      const page: DirectoryPage = alone || this.#probing
        ? { type: "none", status: 200 }
        : await this.#options.reader.read(directory);
      if (!alone && !this.#probing) this.#countPages(page);
      const findings = await this.#judge(directory, page, trusted);
      if (page.type === "listing") await this.#descend(directory, page.page, waiting);
      else waiting.push(...directories.values());
      if (findings === null) return;
      this.#judged++;
      this.#record(directory, findings, trusted ? before.judged : clock.now());
    } catch (error) {
      if (error instanceof EndsEarlyError) this.unread.push(path);
      throw error;
    }
  }

  /** Whether it is time to look at a directory. */
  #asksFor(directory: SourceDirectory): boolean {
    const { memory, clock, interval, scanInterval } = this.#options;
    const turns = Math.max(1, Math.ceil(interval / scanInterval));
    const quiet = (one: SourceDirectory): boolean => memory.isQuiet(one, clock.now(), interval);
    if (!quiet(directory) || memory.isTurn(directory, turns)) return true;
    for (const below of directory.directories.values()) if (!quiet(below)) return true;
    return false;
  }

  #countPages(page: DirectoryPage): void {
    if (page.type === "listing") this.#listed++;
    else if (page.type === "none" && ++this.#unlisted > NO_LISTINGS && this.#listed === 0) {
      this.#probing = true;
    }
  }

  /** @returns `null` when nobody knows what is in it */
  async #judge(
    directory: SourceDirectory,
    page: DirectoryPage,
    trusted: boolean,
  ): Promise<FileFinding[] | null> {
    const { judge, warnings } = this.#options;
    const { path } = directory;
    if (page.type === "unread") {
      if (path === "") {
        if (!page.connected) throw new ListingError(`HTTP: ${page.reason}`);
        await this.#checkRoot(directory, page.reason);
      }
      this.unread.push(`${path}/`);
      warnings.add(`Cannot read "${path}/": ${page.reason}`);
      this.#reason ||= page.reason;
      return null;
    }
    if (page.type === "none") {
      if (path === "" && page.status !== 200) {
        await this.#checkRoot(directory, `Got status code ${page.status}`);
      }
      const missing = page.status === 404 || page.status === 410;
      return await judge.byProbes(directory, missing, trusted);
    }
    const seemsEmpty = page.page.entries.length === 0 && this.#knownIn(directory) >= NOT_EMPTY;
    if (seemsEmpty && await this.#isThere(directory, EMPTY_LOOKS)) {
      this.unread.push(`${path}/`);
      warnings.add(`"${path}/" shows nothing, and has files all the same`);
      return null;
    }
    return await judge.byListing(directory, page.page, trusted);
  }

  /** @throws {ListingError} when a mirror that refuses its base URL has no file either */
  async #checkRoot(root: SourceDirectory, reason: string): Promise<void> {
    if (!await this.#isThere(root, EMPTY_LOOKS)) {
      throw new ListingError(`HTTP: No file is there, nor a listing: ${reason}`);
    }
  }

  #knownIn({ path, files }: SourceDirectory): number {
    let count = 0;
    for (const name of files.keys()) if (this.#options.known(`${path}/${name}`) !== null) count++;
    return count;
  }

  /** Whether one of some files below a directory is there. */
  async #isThere(directory: SourceDirectory, looks: number): Promise<boolean> {
    const { judge } = this.#options;
    const own = [...directory.files].slice(0, looks)
      .map(([name, file]) => ({ path: `${directory.path}/${name}`, ...file }));
    const below = [...directory.directories.values()].slice(0, looks).map(anyFileBelow)
      .filter((file) => file !== null);
    for (const file of [...own, ...below].slice(0, looks)) {
      if ((await judge.ask(file.path, file)).type === "copy") return true;
    }
    return false;
  }

  /** Notes the directories below one for later, but for those that are not there. */
  async #descend(
    directory: SourceDirectory,
    page: ListingPage,
    waiting: SourceDirectory[],
  ): Promise<void> {
    const shown = new Set(page.entries.flatMap(({ name, rawName }) => [name, rawName ?? name]));
    for (const [name, below] of directory.directories) {
      if (page.kind === "known" && !shown.has(name) && !isHiddenName(name)) {
        const file = anyFileBelow(below);
        if (file !== null) {
          const found = await this.#options.judge.ask(file.path, file);
          if (found.type === "gone") continue;
        }
      }
      waiting.push(below);
    }
  }

  #record(directory: SourceDirectory, findings: readonly FileFinding[], judged: number): void {
    const { memory, known, onFiles, warnings } = this.#options;
    const files: ListedFile[] = [];
    let same = findings.length === directory.files.size;
    for (const finding of findings) {
      const path = finding.type === "copy" ? finding.file.path : finding.path;
      const wasKnown = known(path) !== null;
      if (wasKnown) this.#knownFiles++;
      if (finding.type === "copy") files.push(finding.file);
      else if (finding.type === "unread") {
        this.unread.push(path);
        warnings.add(`Cannot ask for "${path}": ${finding.reason}`);
      }
      if (finding.type !== "copy" || !finding.same) same = false;
      const believed = finding.type === "unread" || finding.sure;
      if (wasKnown && !believed && (finding.type === "gone" || !finding.same)) {
        this.#lost.push(path);
      }
    }
    memory.note(directory.path, { judged, same, source: printOf(directory), shown: "" });
    onFiles(files);
  }

  /** @throws {ListingError} when listings say that most is lost or different, and it is not */
  async #believe(): Promise<void> {
    const { judge, random, source } = this.#options;
    if (this.#lost.length <= MANY || this.#lost.length * 2 <= this.#knownFiles) return;
    let agreeing = 0;
    for (let look = 0; look < LOOKS; look++) {
      const path = this.#lost[Math.floor(random() * this.#lost.length)]!;
      const file = source.find(path)!;
      const found = await judge.ask(path, file);
      if (found.type === "gone" || (found.type === "copy" && !found.same)) agreeing++;
    }
    if (agreeing < AGREEING) {
      throw new ListingError("HTTP: The listing does not show what the mirror serves");
    }
  }
}
