import { downloadLogLine } from "./download_log_line.ts";
import { type LogAddress, loggedAddress } from "./logged_address.ts";
import { createLogTime } from "./log_time.ts";
import type { AnswerFacts, RecordedAnswers } from "./recorder.ts";
import { REFUSED_LINES } from "./refused_lines.ts";

/** Which lines of the download log are wanted. */
export interface LinesWanted {
  /** LogDir; `null`: none are. */
  readonly logDir: string | null;
  /** LogRefused. */
  readonly logRefused: "sampled" | "all" | "none";
  /** LogAddress. */
  readonly logAddress: LogAddress;
}

/** What {@linkcode DownloadLines} have. */
export type TakenLines = Pick<RecordedAnswers, "lines" | "refused"> & {
  /** Lines that there was no room for. */
  readonly droppedLines: number;
};

/**
 * Lines that travel as one: thousands of texts would cost more to send than to write. They are joined
 * as soon as there are so many, since a line by itself is a tree of parts, and V8 would move each.
 */
const LINES_PER_BLOCK = 64;

/** Lines of the download log of one thread, between two times that they are sent. */
export class DownloadLines {
  readonly #wanted: () => LinesWanted;
  readonly #time = createLogTime();
  #blocks: string[] = [];
  #lines: string[] = [];
  #refused: string[] = [];
  #more = 0;
  #dropped = 0;
  #bytes = 0;

  /** @param wanted which are wanted now */
  constructor(wanted: () => LinesWanted) {
    this.#wanted = wanted;
  }

  /** Characters that are kept. */
  get bytes(): number {
    return this.#bytes;
  }

  /**
   * Adds the line of one answer, where it is wanted.
   *
   * @param room characters that there is room for; without room it is only counted
   * @returns whether there is something to send
   */
  add(facts: AnswerFacts, room: number): boolean {
    const { logDir, logRefused, logAddress } = this.#wanted();
    if (logDir === null) return false;
    const refused = facts.status === 404 || facts.status === 503;
    if (refused && logRefused === "none") return false;
    const sampled = refused && logRefused === "sampled";
    if (sampled && this.#refused.length >= REFUSED_LINES) {
      this.#more++;
      return true;
    }
    if (room <= 0) {
      this.#dropped++;
      return true;
    }
    const address = loggedAddress(facts.address, logAddress);
    const line = downloadLogLine(this.#time(facts.time), facts, address);
    this.#bytes += line.length;
    if (sampled) this.#refused.push(line);
    else if (this.#lines.push(line) >= LINES_PER_BLOCK) this.#endBlock();
    return true;
  }

  /** Takes everything out. */
  take(): TakenLines {
    if (this.#lines.length > 0) this.#endBlock();
    const taken = {
      lines: this.#blocks,
      refused: { lines: this.#refused, more: this.#more },
      droppedLines: this.#dropped,
    };
    this.#blocks = [];
    this.#refused = [];
    this.#more = this.#dropped = this.#bytes = 0;
    return taken;
  }

  #endBlock(): void {
    this.#blocks.push(this.#lines.join("\n"));
    this.#lines = [];
  }
}
