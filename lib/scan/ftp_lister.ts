import type { Clock } from "../clock/clock.ts";
import { carriesPath, mayCarryBelow } from "../catalog/carried_paths.ts";
import type { ListedFile } from "../catalog/file.ts";
import { Breather } from "./breather.ts";
import { type FtpContents, readFtpDirectory } from "./ftp_directory.ts";
import type { FtpEntry, FtpFile } from "./ftp_entry.ts";
import { type FtpStep, leadsToItself, printOf } from "./ftp_loops.ts";
import { FtpSession, type FtpTimeouts, UnreadableDirectoryError } from "./ftp_session.ts";
import { FtpTimes } from "./ftp_times.ts";
import { type FtpUrl, parseFtpUrl } from "./ftp_url.ts";
import { type Lister, type Listing, ListingError, type ListingOptions } from "./lister.ts";
import { quoteLine } from "./quote_line.ts";
import { Warnings } from "./warnings.ts";

const DEFAULT_TIMEOUTS: FtpTimeouts = { connect: 5000, operation: 30_000 };

/** Directories below one another; more are links in a circle. */
const MAX_DEPTH = 40;

/** Directories of one mirror. */
const MAX_DIRECTORIES = 500_000;

/** Characters of all paths that are held at once: of directories that wait, or could not be read. */
const MAX_CHARACTERS = 64 * 1024 * 1024;

/** Characters of a path; more cannot be opened on the usual systems. */
const MAX_PATH = 4096;

/** Milliseconds. */
const SECOND = 1000;

/** Files in one batch. */
const BATCH = 1024;

/** Where files are while they are copied. */
const TEMPORARY = ".~tmp~";

/** What {@linkcode FtpLister} can be given. */
export interface FtpListerOptions {
  readonly clock: Pick<Clock, "after" | "now">;
  /** Certificates to trust beside those that Deno trusts: contents of PEM files. */
  readonly certificates?: readonly string[];
  /** How long a server may take; default 5 s to connect and 30 s to answer. */
  readonly timeouts?: Partial<FtpTimeouts>;
}

/** Lists mirrors over FTP, and over TLS for `ftps://`. */
export class FtpLister implements Lister {
  readonly protocol = "ftp";
  readonly #options: FtpListerOptions;

  constructor(options: FtpListerOptions) {
    this.#options = options;
  }

  list(
    url: string,
    signal: AbortSignal,
    options: ListingOptions = {},
  ): Listing {
    const listing = new FtpListing(this.#options, signal, options);
    return {
      files: listing.run(url),
      entries: () => listing.entries,
      precision: () => listing.precision,
      warnings: () => listing.warnings.all(),
      unread: () => listing.unread,
      read: () => listing.readBelow,
    };
  }
}

/** A directory to be read. */
interface Directory extends FtpStep {
  readonly parent: Directory | null;
  readonly depth: number;
  readonly identity: string;
  print: string;
  /** Whether it, or one above it, could not be read whole. */
  partial: boolean;
}

/** One running listing. */
class FtpListing {
  readonly warnings = new Warnings();
  readonly unread: string[] = [];
  readonly readBelow: string[] = [];
  readonly #options: FtpListerOptions;
  readonly #signal: AbortSignal;
  readonly #how: ListingOptions;
  readonly #breather: Breather;
  /** What the mirror carries on purpose. */
  readonly #paths: readonly string[];
  #times: FtpTimes | null = null;
  /** Directories that wait for their turn; how many there were; characters that are held. */
  readonly #waiting: Directory[] = [];
  #directories = 0;
  #characters = 0;
  /** Lines that came, and directories and times that were asked for. */
  #entries = 0;

  constructor(
    options: FtpListerOptions,
    signal: AbortSignal,
    how: ListingOptions,
  ) {
    this.#options = options;
    this.#signal = signal;
    this.#how = how;
    this.#paths = how.paths ?? [];
    this.#breather = new Breather(options.clock.now, signal);
  }

  get entries(): number {
    return this.#entries;
  }

  get precision(): number {
    return this.#times?.precision ?? 1000;
  }

  async *run(text: string): AsyncGenerator<readonly ListedFile[]> {
    const signal = this.#signal;
    signal.throwIfAborted();
    const url = parseFtpUrl(text);
    const known = await (this.#how.known ?? (() => null));
    const timeouts = { ...DEFAULT_TIMEOUTS, ...this.#options.timeouts };
    const { certificates = [], clock } = this.#options;
    using session = await FtpSession.open(url, timeouts, certificates, clock, signal);
    const times = this.#times = new FtpTimes(session, known);
    const read = async (path: string): Promise<FtpContents> => {
      const listed = await session.list(url.path + path || "/");
      this.#entries++;
      return await readFtpDirectory(listed, clock.now(), this.#breather);
    };
    this.#push({ path: "", parent: null, depth: 0, identity: "", print: "", partial: false });
    let batch: ListedFile[] = [];
    for (let directory; (directory = this.#pop()) !== undefined;) {
      for (const file of await this.#files(directory, url, session, read)) {
        if (this.#breather.due) await this.#breather.pause();
        const path = `${directory.path}/${file.name}`;
        if (!carriesPath(this.#paths, path)) continue;
        const modTime = await times.timeOf(file, path, url.path + path);
        this.#entries++;
        batch.push({ path, size: file.size, modTime });
        if (batch.length < BATCH) continue;
        yield batch;
        batch = [];
      }
      signal.throwIfAborted();
    }
    if (batch.length > 0) yield batch;
  }

  /** Reads a directory: gives its files, and notes what lies below for later. */
  async #files(
    directory: Directory,
    url: FtpUrl,
    session: FtpSession,
    read: (path: string) => Promise<FtpContents>,
  ): Promise<FtpFile[]> {
    const { path, parent } = directory;
    try {
      const contents = await read(path);
      directory.print = printOf(contents);
      if (await leadsToItself(directory, read)) {
        this.#skip(path);
        return [];
      }
      this.#note(directory, contents);
      return await this.#sort(directory, contents, (below) => session.behind(url.path + below));
    } catch (error) {
      if (!(error instanceof UnreadableDirectoryError)) throw error;
      if (parent === null) {
        const words = `FTP: Cannot list "${url.path || "/"}": ${error.message}`;
        throw new ListingError(words, { cause: error });
      }
      this.#keep(this.unread, path);
      this.warnings.add(`Cannot list "${path}": ${error.message}`);
      return [];
    }
  }

  /** Notes directories for later, and gives the files. */
  async #sort(
    directory: Directory,
    { entries }: FtpContents,
    behind: (path: string) => ReturnType<FtpSession["behind"]>,
  ): Promise<FtpFile[]> {
    const files: FtpFile[] = [];
    for (const entry of entries) {
      if (entry.type === "file") files.push(entry);
      else if (entry.type === "directory") this.#descend(directory, entry);
      else if (entry.type === "link" && this.#how.followLinks) {
        const { name } = entry;
        const path = `${directory.path}/${name}`;
        if (!carriesPath(this.#paths, path) && !mayCarryBelow(this.#paths, `${path}/`)) continue;
        this.#entries++;
        const found = await behind(path);
        if (found?.type === "directory") this.#descend(directory, { ...found, name, identity: "" });
        else if (found) files.push({ ...found, name, modTime: null, resolution: SECOND });
      }
    }
    return files;
  }

  /** Takes note of how well a directory could be read. */
  #note(directory: Directory, { entries, unknown, partial, problems }: FtpContents): void {
    const { path, parent } = directory;
    this.#entries += entries.length + problems.count;
    this.warnings.addAll(problems, path || "/");
    for (const name of unknown) this.#keep(this.unread, `${path}/${name}`);
    directory.partial = partial || (parent?.partial ?? false);
    if (partial) this.#keep(this.unread, path);
    else if (directory.partial) this.#keep(this.readBelow, path);
  }

  /** Notes a directory for later, unless it leads in circles. */
  #descend(
    parent: Directory,
    { name, identity }: Extract<FtpEntry, { type: "directory" }>,
  ): void {
    if (name === TEMPORARY) return;
    const path = `${parent.path}/${name}`;
    if (!mayCarryBelow(this.#paths, `${path}/`)) return;
    const depth = parent.depth + 1;
    if (depth > MAX_DEPTH || path.length > MAX_PATH || isAbove(parent, identity)) {
      this.#skip(path);
      return;
    }
    this.#push({ path, parent, depth, identity, print: "", partial: parent.partial });
  }

  #skip(path: string): void {
    this.warnings.add(`Skipped the directory ${quoteLine(path)}: it leads in circles`);
  }

  #push(directory: Directory): void {
    if (++this.#directories > MAX_DIRECTORIES) {
      throw new ListingError(`FTP: More than ${MAX_DIRECTORIES} directories`);
    }
    this.#count(directory.path);
    this.#waiting.push(directory);
  }

  #keep(list: string[], path: string): void {
    this.#count(path);
    list.push(path);
  }

  #count(path: string): void {
    this.#characters += path.length;
    if (this.#characters > MAX_CHARACTERS) {
      throw new ListingError(`FTP: Paths with more than ${MAX_CHARACTERS} characters in all`);
    }
  }

  #pop(): Directory | undefined {
    const directory = this.#waiting.pop();
    this.#characters -= directory?.path.length ?? 0;
    return directory;
  }
}

/** Whether a directory, by its identity, is one of those that lead to it. */
function isAbove(directory: Directory, identity: string): boolean {
  if (identity === "") return false;
  for (let above: Directory | null = directory; above !== null; above = above.parent) {
    if (above.identity === identity) return true;
  }
  return false;
}
