import type { DownloadBatch } from "../store/store.ts";
import { downloadLogLine } from "./download_log_line.ts";
import { createLogTime } from "./log_time.ts";
import type { AnswerFacts, RangedDownload, RecordedAnswers, Recorder } from "./recorder.ts";
import { utcDay } from "./utc_day.ts";

/** How a {@linkcode BatchRecorder} works. */
export interface BatchRecorderOptions {
  /** Receives what was recorded; called from a timer or from `flush()`, never from `record()`. */
  readonly send: (recorded: RecordedAnswers) => void;
  /** Whether lines of the download log are wanted now. */
  readonly wantsLines: () => boolean;
  /** Milliseconds between the first line of the download log and its sending; default 100. */
  readonly interval?: number;
  /**
   * Milliseconds between the first counted download and its sending; default 500. Files that are asked
   * for again meanwhile cost nothing more to send and to take in.
   */
  readonly countInterval?: number;
}

interface GrowingBatch {
  readonly day: string;
  readonly files: Map<string, number>;
  readonly mirrors: Map<number, { downloads: number; bytes: number }>;
}

/**
 * Lines that travel as one: thousands of texts would cost more to send than to write. They are joined
 * as soon as there are so many, since a line by itself is a tree of parts, and V8 would move each.
 */
const LINES_PER_BLOCK = 64;

const MILLISECONDS_PER_DAY = 86_400_000;

/**
 * The recorder of an HTTP thread: adds up in memory and sends everything in batches. Timers run only
 * while there is something to send.
 */
export class BatchRecorder implements Recorder, Disposable {
  readonly #options: BatchRecorderOptions;
  readonly #logTime = createLogTime();
  #lineTimer: ReturnType<typeof setTimeout> | undefined;
  #countTimer: ReturnType<typeof setTimeout> | undefined;
  #batches: GrowingBatch[] = [];
  #ranged: RangedDownload[] = [];
  #blocks: string[] = [];
  #lines: string[] = [];
  #batch: GrowingBatch | null = null;
  #batchDay = NaN;

  constructor(options: BatchRecorderOptions) {
    this.#options = options;
  }

  record(facts: AnswerFacts): void {
    const { wantsLines, interval = 100, countInterval = 500 } = this.#options;
    if (wantsLines()) {
      if (this.#lines.push(downloadLogLine(this.#logTime(facts.time), facts)) >= LINES_PER_BLOCK) {
        this.#endBlock();
      }
      this.#lineTimer ??= setTimeout(() => this.#sendLines(), interval);
    }
    if (facts.download === "none") return;
    this.#count(facts);
    this.#countTimer ??= setTimeout(() => this.flush(), countInterval);
  }

  /** Sends what there is, now. */
  flush(): void {
    clearTimeout(this.#countTimer);
    this.#countTimer = undefined;
    const batches: readonly DownloadBatch[] = this.#batches;
    const ranged = this.#ranged;
    const lines = this.#takeLines();
    if (batches.length === 0 && ranged.length === 0 && lines.length === 0) return;
    this.#batches = [];
    this.#batch = null;
    this.#ranged = [];
    this.#options.send({ batches, ranged, lines });
  }

  [Symbol.dispose](): void {
    this.flush();
  }

  #sendLines(): void {
    this.#options.send({ batches: [], ranged: [], lines: this.#takeLines() });
  }

  #takeLines(): readonly string[] {
    clearTimeout(this.#lineTimer);
    this.#lineTimer = undefined;
    if (this.#lines.length > 0) this.#endBlock();
    const blocks = this.#blocks;
    this.#blocks = [];
    return blocks;
  }

  #endBlock(): void {
    this.#blocks.push(this.#lines.join("\n"));
    this.#lines = [];
  }

  #count(facts: AnswerFacts): void {
    const { time, path, size } = facts;
    const mirrorId = facts.fallback || facts.candidate === null ? null : facts.candidate.mirror.id;
    if (facts.download === "ranged") {
      const client = `${facts.address ?? ""}/${facts.userAgent}`;
      this.#ranged.push({ time, path, mirrorId, size, client });
      return;
    }
    const batch = this.#batchOf(time);
    batch.files.set(path, (batch.files.get(path) ?? 0) + 1);
    if (mirrorId === null) return;
    const mirror = batch.mirrors.get(mirrorId);
    if (mirror === undefined) {
      batch.mirrors.set(mirrorId, { downloads: 1, bytes: size });
    } else {
      mirror.downloads++;
      mirror.bytes += size;
    }
  }

  #batchOf(time: number): GrowingBatch {
    const day = Math.floor(time / MILLISECONDS_PER_DAY);
    if (this.#batch !== null && day === this.#batchDay) return this.#batch;
    const name = utcDay(time);
    let batch = this.#batches.find((other) => other.day === name);
    if (batch === undefined) {
      batch = { day: name, files: new Map(), mirrors: new Map() };
      this.#batches.push(batch);
    }
    this.#batchDay = day;
    this.#batch = batch;
    return batch;
  }
}
