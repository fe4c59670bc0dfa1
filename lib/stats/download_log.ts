import type { Clock, Timer } from "../clock/clock.ts";
import { requirePermission } from "../config/require_permission.ts";
import type { Log } from "../log/log.ts";
import { messageOf } from "../log/message_of.ts";
import { openFile } from "../log/open_file.ts";

/** What a {@linkcode DownloadLog} needs. */
export interface DownloadLogOptions {
  /** LogDir; it must exist. */
  readonly directory: string;
  /** Name of this machine, for the head of a new file. */
  readonly machine: string;
  /** What the program was built with, for the head of a new file: `Built with deno 2.9.6 for linux/x86_64`. */
  readonly binary: string;
  readonly clock: Pick<Clock, "after" | "now">;
  /** LogMode: permissions of a file that is made. */
  readonly mode: () => number;
  readonly log: Log;
  /** Milliseconds from a failure to the next try; default 1000. */
  readonly retryInterval?: number;
  /** Characters that are kept while the file cannot be written; further lines are dropped; default 8 million. */
  readonly limit?: number;
}

const NEW_LINE = 10;

/** Bytes handed to the system at once. */
const CHUNK_CHARACTERS = 65_536;

const encoder = new TextEncoder();

/**
 * Writes `downloads.log`. Lines are appended in order, in the background. While the file cannot be
 * written (a full disk, a directory that is gone), lines wait in memory and the log says so once;
 * when it can be written again, they follow.
 */
export class DownloadLog implements AsyncDisposable {
  readonly #options: DownloadLogOptions;
  readonly #path: string;
  /** Lines, and in between the places where the file is to be opened again. */
  #queue: (string | { readonly reopened: () => void })[] = [];
  #queued = 0;
  #dropped = 0;
  #file: Deno.FsFile | null = null;
  readonly #buffer = new Uint8Array(2 * CHUNK_CHARACTERS);
  #chunk: Uint8Array = new Uint8Array();
  #written = 0;
  #running: Promise<void> | null = null;
  #retry: Timer | null = null;
  #failing = false;
  #stopped = false;

  constructor(options: DownloadLogOptions) {
    this.#options = options;
    this.#path = `${options.directory.replace(/\/+$/, "")}/downloads.log`;
    this.#run();
  }

  /**
   * Adds lines. Never waits and never throws.
   *
   * @param blocks lines, or several lines each; without a line end after the last
   */
  append(blocks: readonly string[]): void {
    const limit = this.#options.limit ?? 8_000_000;
    for (const block of blocks) {
      if (this.#queued + block.length > limit) {
        this.#dropped += linesIn(block);
        continue;
      }
      this.#queue.push(block);
      this.#queued += block.length + 1;
    }
    if (this.#retry === null) this.#run();
  }

  /**
   * Opens the file again by its name, for rotation: lines added before go to the old file.
   *
   * @returns when the new file is there, or could not be opened
   */
  reopen(): Promise<void> {
    return new Promise((resolve) => {
      this.#queue.push({ reopened: resolve });
      this.#run();
    });
  }

  /** Writes what there is and closes the file. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#stopped = true;
    this.#retry?.[Symbol.dispose]();
    await this.#running;
    await this.#drain();
    this.#close();
    const unwritten =
      this.#chunk.subarray(this.#written).filter((byte) => byte === NEW_LINE).length;
    let lost = unwritten + this.#dropped;
    for (const entry of this.#queue) lost += typeof entry === "string" ? linesIn(entry) : 0;
    if (lost > 0) this.#options.log.error(`Lost ${lost} lines of the download log "${this.#path}"`);
  }

  /** Starts to write unless that is under way. */
  #run(): void {
    this.#retry?.[Symbol.dispose]();
    this.#retry = null;
    if (this.#running !== null || this.#stopped) return;
    this.#running = this.#drain().finally(() => {
      this.#running = null;
      if (this.#failing && !this.#stopped) {
        const { clock, retryInterval = 1000 } = this.#options;
        this.#retry = clock.after(retryInterval, () => this.#run());
      } else if (this.#queue.length > 0) {
        this.#run();
      }
    });
  }

  async #drain(): Promise<void> {
    try {
      await this.#open();
      while (this.#written < this.#chunk.length || this.#queue.length > 0) {
        if (this.#written === this.#chunk.length && !this.#nextChunk()) {
          const mark = this.#queue.shift();
          this.#close();
          await this.#open().finally(() => {
            if (typeof mark === "object") mark.reopened();
          });
        }
        await this.#write();
      }
      this.#healed();
    } catch (error) {
      this.#fail(error);
    }
  }

  /** Takes lines up to the next mark. @returns whether there were any */
  #nextChunk(): boolean {
    let end = 0;
    let size = 0;
    while (size < CHUNK_CHARACTERS && typeof this.#queue[end] === "string") {
      size += (this.#queue[end] as string).length + 1;
      end++;
    }
    if (end === 0) return false;
    this.#chunk = this.#encode(this.#queue.splice(0, end).join("\n") + "\n");
    this.#written = 0;
    this.#queued -= size;
    return true;
  }

  /** Lines are text in ASCII nearly always: then what was needed for the last chunk is used again. */
  #encode(text: string): Uint8Array {
    const { read, written } = encoder.encodeInto(text, this.#buffer);
    return read === text.length ? this.#buffer.subarray(0, written) : encoder.encode(text);
  }

  async #write(): Promise<void> {
    await this.#open();
    while (this.#written < this.#chunk.length) {
      this.#written += await this.#file!.write(this.#chunk.subarray(this.#written));
    }
  }

  /** Opens the file, and opens it again when it was deleted: what is written there nobody would see. */
  async #open(): Promise<void> {
    if (this.#file !== null && (await this.#file.stat()).nlink !== 0) return;
    this.#close();
    requirePermission({ name: "read", path: this.#path });
    requirePermission({ name: "write", path: this.#path });
    const { mode } = this.#options;
    this.#file = openFile(this.#path, { append: true, mode: mode() });
    // A line that was written in part to the old file is written whole to this one.
    this.#written = this.#written === 0
      ? 0
      : this.#chunk.lastIndexOf(NEW_LINE, this.#written - 1) + 1;
    if ((await this.#file.stat()).size === 0) await this.#writeHead(this.#file);
  }

  async #writeHead(file: Deno.FsFile): Promise<void> {
    const { clock, machine, binary } = this.#options;
    const time = new Date(clock.now()).toISOString().slice(0, 19).replaceAll("-", "/").replace(
      "T",
      " ",
    );
    let rest = encoder.encode(
      `# Log file created at: ${time}\n# Running on machine: ${machine}\n# Binary: ${binary}\n`,
    );
    try {
      while (rest.length > 0) rest = rest.subarray(await file.write(rest));
    } catch (error) {
      // The next try finds a new file again.
      await file.truncate(0).catch(() => {});
      this.#close();
      throw error;
    }
  }

  #close(): void {
    try {
      this.#file?.close();
    } catch {
      // Closed by a failed write.
    }
    this.#file = null;
  }

  #fail(error: unknown): void {
    // A rotation cannot wait for the old file: what is left goes to the new one.
    const marks = this.#queue.filter((entry) => typeof entry === "object");
    if (marks.length > 0) {
      this.#queue = this.#queue.filter((entry) => typeof entry === "string");
      this.#close();
      for (const mark of marks) mark.reopened();
    }
    if (this.#failing) return;
    this.#failing = true;
    this.#options.log.error(`Cannot write the download log "${this.#path}": ${messageOf(error)}`);
  }

  #healed(): void {
    if (!this.#failing) return;
    this.#failing = false;
    const lost = this.#dropped === 0 ? "" : `, ${this.#dropped} lines were dropped`;
    this.#dropped = 0;
    this.#options.log.info(`Writing the download log "${this.#path}" again${lost}`);
  }
}

function linesIn(block: string): number {
  let count = 1;
  for (let end = block.indexOf("\n"); end >= 0; end = block.indexOf("\n", end + 1)) count++;
  return count;
}
