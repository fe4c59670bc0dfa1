import type { Clock, Timer } from "../clock/clock.ts";
import type { ListedFile } from "../catalog/file.ts";
import { type Lister, type Listing, ListingError, type ListingOptions } from "./lister.ts";
import { LineSplitter } from "./line_splitter.ts";
import { quoteLine } from "./quote_line.ts";
import { rsyncComplaints, rsyncFailure, rsyncPartial } from "./rsync_exit.ts";
import { rsyncFilters } from "./rsync_filters.ts";
import { parseRsyncLine } from "./rsync_line.ts";
import { rsyncUnread } from "./rsync_unread.ts";
import { parseRsyncUrl, type RsyncUrl } from "./rsync_url.ts";
import { Warnings } from "./warnings.ts";

/** Resolution of rsync's listing, in milliseconds. */
const PRECISION = 1000;

/** How long rsync may take to end when it is asked to, in milliseconds. */
const GRACE = 500;

/** Exit value after which parts of the listing are missing. */
const PARTIAL = 23;

/** Files in one batch. */
const BATCH = 1024;

/**
 * How long to wait after a piece of the listing that is smaller than {@linkcode LARGE_PIECE}, in
 * milliseconds. rsync writes each line by itself: whoever reads at once reads each line by itself, and
 * takes longer than rsync for that. Meanwhile the pipe holds some hundred lines.
 */
const GATHER = 1;

/** Bytes. */
const LARGE_PIECE = 32 * 1024;

/** How much of what rsync complains about is kept, in characters. */
const MAX_COMPLAINTS = 16 * 1024;

const ARGUMENTS = {
  "rsync": ["-r", "--no-motd", "--exclude=.~tmp~/", "--timeout=30", "--contimeout=30"],
  // Its connection is a pipe to another program, for which there is no time-out to connect.
  "rsync-ssl": ["-r", "--no-motd", "--exclude=.~tmp~/", "--timeout=60"],
} as const;

/** What {@linkcode RsyncLister} can be given. */
export interface RsyncListerOptions {
  readonly clock: Pick<Clock, "after" | "delay">;
  /** More environment variables for rsync, such as `RSYNC_SSL_CA_CERT`. */
  readonly environment?: Readonly<Record<string, string>>;
}

/** Lists mirrors with the external program rsync, and with rsync-ssl for `rsyncs://`. */
export class RsyncLister implements Lister {
  readonly protocol = "rsync";
  readonly #environment: Readonly<Record<string, string>>;
  readonly #clock: Pick<Clock, "after" | "delay">;

  constructor({ clock, environment = {} }: RsyncListerOptions) {
    this.#clock = clock;
    this.#environment = environment;
  }

  list(
    url: string,
    signal: AbortSignal,
    { followLinks = false, paths = [] }: ListingOptions = {},
  ): Listing {
    // The other links are to files that are listed anyway.
    const more = [...rsyncFilters(paths), ...(followLinks ? ["--copy-unsafe-links"] : [])];
    const warnings = new Warnings();
    const unread: string[] = [];
    const count = { lines: 0 };
    return {
      files: this.#run(url, signal, more, { warnings, unread, count }),
      entries: () => count.lines,
      precision: () => PRECISION,
      warnings: () => warnings.all(),
      unread: () => unread,
    };
  }

  async *#run(
    url: string,
    signal: AbortSignal,
    more: readonly string[],
    { warnings, unread, count }: RsyncNotes,
  ): AsyncGenerator<readonly ListedFile[]> {
    signal.throwIfAborted();
    const target = parseRsyncUrl(url);
    await using child = new RsyncProcess(target, more, this.#environment, this.#clock);
    const stop = (): void => child.stop();
    signal.addEventListener("abort", stop);
    try {
      const complaints = readComplaints(child.stderr, target.password);
      let batch: ListedFile[] = [];
      let listed = 0;
      const lines = new LineSplitter((bytes) => {
        count.lines++;
        const line = parseRsyncLine(bytes);
        if (line.type === "file") listed = batch.push(line.file);
        else if (line.type === "bad") warnings.add(`${line.reason}: ${quoteLine(bytes)}`);
      }, () => warnings.add("A line is too long to be a file"));

      for await (const chunk of child.stdout) {
        signal.throwIfAborted();
        lines.push(chunk);
        if (batch.length >= BATCH) {
          yield batch;
          batch = [];
        }
        if (chunk.length < LARGE_PIECE) await this.#clock.delay(GATHER);
      }
      lines.end();
      const [status, stderr] = await Promise.all([child.status, complaints]);
      signal.throwIfAborted();
      const failure = status.signal === null
        ? rsyncFailure(status.code, stderr)
        : `rsync: Killed by ${status.signal}`;
      if (failure !== null) throw new ListingError(failure);
      if (status.code === PARTIAL) {
        const complained = rsyncComplaints(stderr);
        // Without any file it is rather the whole that could not be read.
        if (listed === 0) throw new ListingError(rsyncPartial(complained));
        complained.forEach((line) => warnings.add(line));
        unread.push(...rsyncUnread(complained, directoryInModule(target.url)));
      } else if (status.code !== 0) {
        rsyncComplaints(stderr).forEach((line) => warnings.add(line));
      }
      if (batch.length > 0) yield batch;
    } finally {
      signal.removeEventListener("abort", stop);
    }
  }
}

/** What is noted of a listing beside the files. */
interface RsyncNotes {
  readonly warnings: Warnings;
  readonly unread: string[];
  readonly count: { lines: number };
}

/** rsync while it runs; disposing of it waits until it is gone. */
class RsyncProcess implements AsyncDisposable {
  readonly #child: Deno.ChildProcess;
  #running = true;
  #killer: Timer | null = null;
  readonly #clock: Pick<Clock, "after">;
  readonly status: Promise<Deno.CommandStatus>;

  constructor(
    target: RsyncUrl,
    more: readonly string[],
    environment: Readonly<Record<string, string>>,
    clock: Pick<Clock, "after">,
  ) {
    this.#clock = clock;
    this.#child = spawn(target, more, environment);
    this.status = this.#child.status.then((status) => {
      this.#running = false;
      return status;
    });
  }

  get stdout(): ReadableStream<Uint8Array> {
    return this.#child.stdout;
  }

  get stderr(): ReadableStream<Uint8Array> {
    return this.#child.stderr;
  }

  /** Asks it to end; rsync takes the processes that it started with it. Insists after a while. */
  stop(): void {
    if (!this.#running || this.#killer !== null) return;
    this.#signal("SIGTERM");
    this.#killer = this.#clock.after(GRACE, () => this.#signal("SIGKILL"));
  }

  #signal(name: Deno.Signal): void {
    try {
      if (this.#running) this.#child.kill(name);
    } catch {
      // It ended a moment ago.
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.stop();
    // A pipe that nobody reads any more is closed, so that nothing waits to write into it.
    await Promise.allSettled([this.#child.stdout.cancel(), this.status]);
    this.#killer?.[Symbol.dispose]();
  }
}

function spawn(
  { program, url, password }: RsyncUrl,
  more: readonly string[],
  environment: Readonly<Record<string, string>>,
): Deno.ChildProcess {
  try {
    return new Deno.Command(program, {
      args: [...ARGUMENTS[program], ...more, url],
      // Without a password rsync would ask for one on the terminal.
      env: { ...environment, TZ: "UTC", LC_ALL: "C", RSYNC_PASSWORD: password },
      stdin: "null",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) {
      const more = program === "rsync" ? "" : " (version 3.2 or later) and openssl";
      throw new ListingError(
        `Cannot find the program "${program}": install the package rsync${more}`,
        { cause: error },
      );
    }
    if (error instanceof Deno.errors.NotCapable || error instanceof Deno.errors.PermissionDenied) {
      throw new ListingError(
        `Cannot run "${program}": the permission is missing, start with --allow-run=${program}`,
        { cause: error },
      );
    }
    throw new ListingError(`Cannot run "${program}"`, { cause: error });
  }
}

/** Reads what rsync complains about, as much as is worth keeping, without the password. */
async function readComplaints(
  stream: ReadableStream<Uint8Array>,
  password: string,
): Promise<string[]> {
  let text = "";
  try {
    for await (const part of stream.pipeThrough(new TextDecoderStream())) {
      if (text.length < MAX_COMPLAINTS) text += part;
    }
  } catch {
    // The pipe broke with the process; its status tells.
  }
  if (password !== "") text = text.replaceAll(password, "***");
  const cut = text.length > MAX_COMPLAINTS ? ["… and more"] : [];
  return text.slice(0, MAX_COMPLAINTS).split("\n").concat(cut)
    .map((line) => line.replaceAll(/\p{Cc}+/gu, " ").slice(0, 300));
}

/** The path of `rsync://host/module/path/`. */
function directoryInModule(url: string): string {
  return url.split("/").slice(4).filter((segment) => segment !== "").join("/");
}
