import type { ListedFile } from "../../catalog/file.ts";
import { anyFileBelow, type SourceDirectory, type SourceTree } from "../../catalog/source_tree.ts";
import type { Clock } from "../../clock/clock.ts";
import { type KnownFile, ListingError } from "../lister.ts";
import type { Warnings } from "../warnings.ts";
import type { Bucket, BucketReader } from "./bucket_reader.ts";
import { BucketWalk } from "./bucket_walk.ts";
import type { DirectoryJudge } from "./directory_judge.ts";
import type { FileFinding } from "./file_finding.ts";
import { isHiddenName } from "./hidden_name.ts";
import { EndsEarlyError, type HttpRequests } from "./http_requests.ts";
import { entriesOf, type ListingPage } from "./listing_entry.ts";
import { LostCopies } from "./lost_copies.ts";
import { PageJudge } from "./page_judge.ts";
import { type DirectoryPage, type PageReader, pathOf } from "./page_reader.ts";
import type { RobotRules } from "./robots.ts";
import { runAll } from "./run_all.ts";
import { NO_TRUST, type ScanMemory } from "./scan_memory.ts";
import { WalkOrder } from "./walk_order.ts";

/** What {@linkcode HttpWalk} works with. */
export interface HttpWalkOptions {
  readonly source: SourceTree;
  readonly known: KnownFile;
  readonly requests: Pick<HttpRequests, "count">;
  readonly reader: PageReader;
  readonly buckets: BucketReader;
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
  /** Directories that are looked at or passed over, at most. */
  readonly maxDirectories: number;
  readonly warnings: Warnings;
  /** Told of files as they are judged. */
  readonly onFiles: (files: readonly ListedFile[]) => void;
  /** Told how many directories were looked at, or passed over. */
  readonly onProgress?: (directories: number) => void;
}

/** Directories at the beginning that show no listing, until none is asked for any more. */
const NO_LISTINGS = 10;

/** One walk through a mirror over HTTP, along the directories of the source. */
export class HttpWalk {
  readonly unread: string[] = [];
  readonly #options: HttpWalkOptions;
  #judged = 0;
  #unlisted = 0;
  #listed = 0;
  #probing = false;
  /** Directories that were not reached. */
  readonly #left: string[] = [];
  /** Times of directories as their parents show them, in this scan. */
  readonly #shown = new Map<string, string>();
  #order: WalkOrder | null = null;
  #passed = 0;
  #disallowed = false;
  /** Names of listings that count for nothing, and what is told of the first. */
  #badNames = 0;
  #badName = "";
  readonly #lost = new LostCopies();
  readonly #pages: PageJudge;

  constructor(options: HttpWalkOptions) {
    this.#options = options;
    this.#pages = new PageJudge(options, this.unread);
  }

  /** Walks. @throws {ListingError} when nothing was learnt, or nothing can be believed */
  async run(): Promise<void> {
    const { source, memory, judge, random } = this.#options;
    if (memory.bucket === null || !await this.#bucket(memory.bucket)) await this.#directories();
    await this.#lost.check(judge, source, random);
  }

  async #directories(): Promise<void> {
    const { source, memory, clock, interval, connections, warnings, judge } = this.#options;
    if (memory.size >= source.directories) memory.forget((path) => source.hasDirectory(path));
    const listsNothing = this.#probing = memory.listsNothing(clock.now(), interval);
    const order = this.#order = new WalkOrder(source.root, memory.late);
    try {
      await this.#directory(source.root);
      await runAll(() => order.next(), connections, (directory) => this.#directory(directory));
    } catch (error) {
      if (!(error instanceof EndsEarlyError)) throw error;
      if (this.#judged === 0) throw error;
      for (const { path } of order.waiting()) this.#left.push(path);
      for (const path of this.#left) this.unread.push(path);
      warnings.add(`The scan ended early: ${error.message}`);
    }
    memory.noteLate(this.#left, (path) => order.sinceOf(path));
    if (this.#judged === 0) {
      const reason = this.#disallowed ? "robots.txt disallows it" : this.#pages.reason;
      throw new ListingError(`HTTP: ${reason}`);
    }
    judge.end();
    if (this.#badNames > 0) {
      const names = this.#badNames === 1 ? "1 name" : `${this.#badNames} names`;
      warnings.add(`${names} in its listings cannot be used. ${this.#badName}`);
    }
    const asked = this.#listed + this.#unlisted > 0;
    if (asked && !listsNothing) memory.noteListings(this.#listed > 0, clock.now());
  }

  /** Looks for an object store where there is no listing. */
  async #isInBucket(): Promise<boolean> {
    const { buckets, memory, basePath, clock, interval } = this.#options;
    if (this.#probing || !memory.seeksBucket(clock.now(), interval)) return false;
    const bucket = await buckets.find(basePath);
    if (bucket === undefined) return false;
    memory.noteBucket(bucket, clock.now());
    return bucket !== null && await this.#bucket(bucket);
  }

  /** Reads an object store. @returns whether it is one */
  async #bucket(bucket: Bucket): Promise<boolean> {
    const { robots, memory, clock, warnings, known } = this.#options;
    if (!robots.allows(`/${bucket.path}`)) {
      throw new ListingError(`HTTP: robots.txt disallows "/${bucket.path}"`);
    }
    const walk = new BucketWalk({
      ...{ ...this.#options, bucket, start: memory.bucketStart },
      reader: this.#options.buckets,
      onFindings: (findings) => this.#take(findings),
      onGone: (directory) => this.#lost.noteGone(directory, known),
      onUnread: (path) => this.unread.push(path),
    });
    const end = await walk.run();
    if (end === null) {
      memory.noteBucket(null, clock.now());
      return false;
    }
    memory.bucketStart = end.next;
    this.#judged++;
    if (end.reason !== "") warnings.add(`The scan ended early: ${end.reason}`);
    if (walk.losesPlus) {
      warnings.add(
        "The object store takes + for a blank: files with + in their names do not count",
      );
    }
    return true;
  }

  async #directory(directory: SourceDirectory): Promise<void> {
    const { clock, end, memory, robots, basePath, warnings, onProgress } = this.#options;
    const { maxDirectories } = this.#options;
    const { path, files, directories } = directory;
    if (clock.now() >= end || this.#passed >= maxDirectories) {
      this.#left.push(path);
      const isLate = this.#passed < maxDirectories;
      throw new EndsEarlyError(
        isLate ? "It took too long" : `More than ${maxDirectories} directories`,
      );
    }
    this.#passed++;
    onProgress?.(this.#passed);
    if (!robots.allows(`${basePath}${pathOf(directory)}`)) {
      this.unread.push(`${path}/`);
      if (!this.#disallowed) warnings.add(`robots.txt disallows "${path}/", and perhaps more`);
      this.#disallowed = true;
      this.#order!.add(directories.values());
      return;
    }
    const turn = this.#isTurn(directory);
    if (!turn && !this.#asksFor(directory)) {
      this.unread.push(`${path}/`);
      this.#judged++;
      this.#order!.add(directories.values());
      return;
    }
    const trust = turn ? NO_TRUST : memory.trusts(directory, clock.now(), this.#options.interval);
    try {
      const alone = path !== "" && files.size === 1 && directories.size === 0;
      const page: DirectoryPage = alone || this.#probing
        ? { type: "none", status: 200, store: false }
        : await this.#options.reader.read(directory);
      if (path === "" && page.type === "none" && await this.#isInBucket()) return;
      if (!alone && !this.#probing) this.#countPages(page);
      const findings = await this.#pages.judge(directory, page, trust);
      if (page.type === "listing") await this.#descend(directory, page.page);
      else this.#order!.add(directories.values());
      if (findings === null) return;
      this.#judged++;
      memory.note(directory, findings, this.#shown.get(path), clock.now());
      this.#take(findings);
    } catch (error) {
      if (error instanceof EndsEarlyError) this.#left.push(path);
      throw error;
    }
  }

  /** Whether it is time to look at a directory, whatever is known of it. */
  #isTurn(directory: SourceDirectory): boolean {
    const { memory, interval, scanInterval } = this.#options;
    return memory.isTurn(directory, Math.max(1, Math.ceil(interval / scanInterval)));
  }

  /** Whether something speaks for looking at a directory, or at its parent for its time. */
  #asksFor(directory: SourceDirectory): boolean {
    const { memory, clock, interval } = this.#options;
    const quiet = (one: SourceDirectory): boolean =>
      memory.isQuiet(one, clock.now(), interval, this.#shown.get(one.path));
    if (!quiet(directory)) return true;
    for (const below of directory.directories.values()) if (!quiet(below)) return true;
    return false;
  }

  #countPages(page: DirectoryPage): void {
    if (page.type === "listing") {
      this.#listed++;
      this.#badNames += page.page.bad;
      this.#badName ||= page.page.problem;
    } else if (page.type === "none") {
      // A store that does not list its objects lists no directory either.
      const enough = page.store || this.#unlisted >= NO_LISTINGS;
      this.#unlisted++;
      if (enough && this.#listed === 0) this.#probing = true;
    }
  }

  /** Notes the directories below one for later, but for those that are not there. */
  async #descend(
    directory: SourceDirectory,
    page: ListingPage,
  ): Promise<void> {
    const entries = entriesOf(page);
    const there: SourceDirectory[] = [];
    for (const [name, below] of directory.directories) {
      const entry = entries.get(name);
      if (entry?.time) this.#shown.set(below.path, `${entry.time.time}`);
      if (page.kind === "known" && entry === undefined && !isHiddenName(name)) {
        const file = anyFileBelow(below);
        if (file !== null) {
          const found = await this.#options.judge.ask(file.path, file);
          if (found.type === "gone") {
            if (anyKnown(below, this.#options.known)) await this.#options.judge.confirmLoss();
            this.#lost.noteGone(below, this.#options.known);
            continue;
          }
        }
      }
      there.push(below);
    }
    this.#order!.add(there);
  }

  #take(findings: readonly FileFinding[]): void {
    const { known, onFiles, warnings } = this.#options;
    const files: ListedFile[] = [];
    for (const finding of findings) {
      this.#lost.note(finding, known);
      if (finding.type === "copy") files.push(finding.file);
      else if (finding.type === "unread") {
        this.unread.push(finding.path);
        warnings.add(`Cannot ask for "${finding.path}": ${finding.reason}`);
      }
    }
    onFiles(files);
  }
}

function anyKnown({ path, files, directories }: SourceDirectory, known: KnownFile): boolean {
  for (const name of files.keys()) if (known(`${path}/${name}`) !== null) return true;
  for (const below of directories.values()) if (anyKnown(below, known)) return true;
  return false;
}
