import type { ListedFile } from "../catalog/file.ts";
import { Breather } from "./breather.ts";
import type { FtpEntry, FtpFile } from "./ftp_entry.ts";
import { parseMachineLine } from "./ftp_machine_line.ts";
import { FtpSession, type FtpTimeouts, UnreadableDirectoryError } from "./ftp_session.ts";
import { FtpTimes } from "./ftp_times.ts";
import { parseUnixLine } from "./ftp_unix_line.ts";
import { type FtpUrl, parseFtpUrl } from "./ftp_url.ts";
import { type KnownFile, type Lister, type Listing, ListingError } from "./lister.ts";
import { Warnings } from "./warnings.ts";

const DEFAULT_TIMEOUTS: FtpTimeouts = { connect: 5000, operation: 30_000 };

/** Directories below one another; more are links in a circle. */
const MAX_DEPTH = 40;

/** Directories of one mirror. */
const MAX_DIRECTORIES = 500_000;

/** Characters of a path; more cannot be opened on the usual systems. */
const MAX_PATH = 4096;

/** Files in one batch. */
const BATCH = 1024;

/** Where files are while they are copied. */
const TEMPORARY = ".~tmp~";

/** What {@linkcode FtpLister} can be given. */
export interface FtpListerOptions {
  /** Milliseconds since the epoch. */
  readonly now: () => number;
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
    known: KnownFile | Promise<KnownFile> = () => null,
  ): Listing {
    const listing = new FtpListing(this.#options, signal, known);
    return {
      files: listing.run(url),
      precision: () => listing.precision,
      warnings: () => listing.warnings.all(),
      unread: () => listing.unread,
    };
  }
}

/** A directory to be read. */
interface Directory {
  /** Below the URL, with a leading slash; empty: the URL itself. */
  readonly path: string;
  readonly depth: number;
  readonly identity: string;
  readonly parent: Directory | null;
}

/** One running listing. */
class FtpListing {
  readonly warnings = new Warnings();
  readonly unread: string[] = [];
  readonly #options: FtpListerOptions;
  readonly #signal: AbortSignal;
  readonly #known: KnownFile | Promise<KnownFile>;
  readonly #breather: Breather;
  #times: FtpTimes | null = null;
  /** Lines that were understood, and those that were not. */
  #understood = 0;
  #bad = 0;

  constructor(
    options: FtpListerOptions,
    signal: AbortSignal,
    known: KnownFile | Promise<KnownFile>,
  ) {
    this.#options = options;
    this.#signal = signal;
    this.#known = known;
    this.#breather = new Breather(options.now, signal);
  }

  get precision(): number {
    return this.#times?.precision ?? 1000;
  }

  async *run(text: string): AsyncGenerator<readonly ListedFile[]> {
    const signal = this.#signal;
    signal.throwIfAborted();
    const url = parseFtpUrl(text);
    const known = await this.#known;
    const timeouts = { ...DEFAULT_TIMEOUTS, ...this.#options.timeouts };
    const { certificates = [] } = this.#options;
    using session = await FtpSession.open(url, timeouts, certificates, signal);
    const times = this.#times = new FtpTimes(session, known);
    const directories: Directory[] = [{ path: "", depth: 0, identity: "", parent: null }];
    let batch: ListedFile[] = [];
    let count = 0;
    for (let directory; (directory = directories.pop()) !== undefined;) {
      if (++count > MAX_DIRECTORIES) {
        throw new ListingError(`FTP: More than ${MAX_DIRECTORIES} directories`);
      }
      const files: FtpFile[] = [];
      for (const entry of await this.#read(session, url, directory)) {
        if (entry.type === "file") files.push(entry);
        else if (entry.type === "directory") this.#descend(directories, directory, entry);
      }
      for (const file of files) {
        if (this.#breather.due) await this.#breather.pause();
        const path = `${directory.path}/${file.name}`;
        const modTime = await times.timeOf(file, path, url.path + path);
        batch.push({ path, size: file.size, modTime });
        if (batch.length < BATCH) continue;
        yield batch;
        batch = [];
      }
      signal.throwIfAborted();
    }
    if (this.#understood === 0 && this.#bad > 0) {
      throw new ListingError(`FTP: Cannot understand the listing: ${this.warnings.all()[0]}`);
    }
    if (batch.length > 0) yield batch;
  }

  /** The entries of a directory, without those that are bad. */
  async #read(session: FtpSession, url: FtpUrl, directory: Directory): Promise<FtpEntry[]> {
    try {
      const { format, lines } = await session.list(`${url.path}${directory.path}` || "/");
      const now = this.#options.now();
      const entries: FtpEntry[] = [];
      for (const line of lines) {
        if (this.#breather.due) await this.#breather.pause();
        if (line === "") continue;
        const entry = format === "machine" ? parseMachineLine(line) : parseUnixLine(line, now);
        if (entry.type === "bad") {
          this.#bad++;
          this.warnings.add(`${entry.reason}: ${quote(line)}`);
          continue;
        }
        this.#understood++;
        entries.push(entry);
      }
      return entries;
    } catch (error) {
      if (!(error instanceof UnreadableDirectoryError)) throw error;
      if (directory.parent === null) {
        throw new ListingError(`FTP: Cannot list "${url.path || "/"}": ${error.message}`, {
          cause: error,
        });
      }
      this.unread.push(directory.path);
      this.warnings.add(`Cannot list "${directory.path}": ${error.message}`);
      return [];
    }
  }

  /** Notes a directory for later, unless it leads in circles. */
  #descend(
    directories: Directory[],
    parent: Directory,
    { name, identity }: Extract<FtpEntry, { type: "directory" }>,
  ): void {
    if (name === TEMPORARY) return;
    const path = `${parent.path}/${name}`;
    const depth = parent.depth + 1;
    if (depth > MAX_DEPTH || path.length > MAX_PATH || isAbove(parent, identity)) {
      this.warnings.add(`Skipped the directory ${quote(path)}: it leads in circles`);
      return;
    }
    directories.push({ path, depth, identity, parent });
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

/** A line of the listing for a message: short, printable. */
function quote(line: string): string {
  const text = line.slice(0, 200).replaceAll(/\p{Cc}+/gu, " ");
  return JSON.stringify(line.length > 200 ? `${text}…` : text);
}
