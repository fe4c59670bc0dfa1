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
import type { ListingPage } from "./listing_entry.ts";
import { LostCopies } from "./lost_copies.ts";
import { PageJudge } from "./page_judge.ts";
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
  readonly warnings: Warnings;
  /** Told of files as they are judged. */
  readonly onFiles: (files: readonly ListedFile[]) => void;
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
  /** Why the first directory was not asked for. */
  #reason = "";
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
    const { source, memory, clock, interval, connections, warnings } = this.#options;
    this.#probing = memory.listsNothing(clock.now(), interval);
    const waiting: SourceDirectory[] = [];
    try {
      await this.#directory(source.root, waiting);
      await runAll(waiting, connections, (directory) => this.#directory(directory, waiting));
    } catch (error) {
      if (!(error instanceof EndsEarlyError)) throw error;
      if (this.#judged === 0) throw error;
      for (const { path } of waiting) this.unread.push(path);
      warnings.add(`The scan ended early: ${error.message}`);
    }
    if (this.#judged === 0) {
      throw new ListingError(`HTTP: ${this.#reason || this.#pages.reason}`);
    }
    if (!this.#probing) memory.noteListings(this.#listed > 0, clock.now());
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
        ? { type: "none", status: 200, store: false }
        : await this.#options.reader.read(directory);
      if (path === "" && page.type === "none" && await this.#isInBucket()) return;
      if (!alone && !this.#probing) this.#countPages(page);
      const findings = await this.#pages.judge(directory, page, trusted);
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
    else if (page.type === "none") {
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
    waiting: SourceDirectory[],
  ): Promise<void> {
    const shown = new Set(page.entries.flatMap(({ name, rawName }) => [name, rawName ?? name]));
    for (const [name, below] of directory.directories) {
      if (page.kind === "known" && !shown.has(name) && !isHiddenName(name)) {
        const file = anyFileBelow(below);
        if (file !== null) {
          const found = await this.#options.judge.ask(file.path, file);
          if (found.type === "gone") {
            this.#lost.noteGone(below, this.#options.known);
            continue;
          }
        }
      }
      waiting.push(below);
    }
  }

  #record(directory: SourceDirectory, findings: readonly FileFinding[], judged: number): void {
    const { memory } = this.#options;
    const same = findings.length === directory.files.size &&
      findings.every((finding) => finding.type === "copy" && finding.same);
    memory.note(directory.path, { judged, same, source: printOf(directory), shown: "" });
    this.#take(findings);
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
