import type { Clock, Timer } from "../clock/clock.ts";
import type { DownloadBatch } from "../store/download_counts.ts";
import type { HourTally } from "./hour_tally.ts";
import type { AnswerFacts, RangedDownload, RecordedAnswers, Recorder } from "./recorder.ts";
import type { RequestTally } from "./request_tally.ts";
import { clientHash } from "./client_hash.ts";
import { downloadHash } from "./download_hash.ts";
import { DownloadLines, type LinesWanted } from "./download_lines.ts";
import { LargeRedirects } from "./large_redirects.ts";
import { utcDay } from "../clock/utc_day.ts";

/** How a {@linkcode BatchRecorder} works. */
export interface BatchRecorderOptions {
  /** Receives what was recorded; called from a timer or from `flush()`, never from `record()`. */
  readonly send: (recorded: RecordedAnswers) => void;
  /** Which lines of the download log are wanted now. */
  readonly wanted: () => LinesWanted;
  /** Bytes from which on it is told where redirects of a file led; `null`, the default: never. */
  readonly largeFrom?: () => number | null;
  /** What else was counted, sent with the rest: it has no timer of its own. Default: nothing. */
  readonly tally?: Pick<RequestTally, "empty" | "take">;
  /** What is counted by the hour, sent with downloads, or within seconds by itself. Default: nothing. */
  readonly hours?: HourTally;
  readonly clock: Pick<Clock, "after">;
  /** Milliseconds between the first line of the download log and its sending; default 100. */
  readonly interval?: number;
  /**
   * Milliseconds between the first counted download and its sending; default 500. Files that are asked
   * for again meanwhile cost nothing more to send and to take in.
   */
  readonly countInterval?: number;
  /**
   * Bytes, about, that are kept or on their way at most, a quarter of them of parts of downloads; beyond
   * that, see `dropped`. Default 8 million.
   */
  readonly limit?: number;
  /** Different paths that are counted between two times that they are sent, at most; default 100 000. */
  readonly paths?: number;
}

interface GrowingBatch {
  readonly day: string;
  readonly files: Map<string, number>;
  readonly mirrors: Map<number, { downloads: number; bytes: number }>;
}

/** Milliseconds that what is counted by the hour waits where nothing else is sent. */
const HOURS_ALONE = 2_000;

const MILLISECONDS_PER_DAY = 86_400_000;

/** Bytes that a part of a download takes besides its path. */
const PART = 200;

/** Paths that are counted at once, at most: some 25 MB. Downloads of further ones count for their mirrors. */
const MOST_PATHS = 100_000;

/** Bytes of a number that says who downloaded what. */
const HASH = 8;

/**
 * The recorder of an HTTP thread: adds up in memory and sends everything in batches. Timers run only
 * while there is something to send. What is sent and not yet {@linkcode taken} in is bounded: the
 * control thread may be busy. Then counts add up further, and lines and parts are dropped.
 */
export class BatchRecorder implements Recorder, Disposable {
  readonly #options: BatchRecorderOptions;
  readonly #limit: number;
  readonly #lines: DownloadLines;
  readonly #large: LargeRedirects;
  #lineTimer: Timer | null = null;
  #countTimer: Timer | null = null;
  #hourTimer: Timer | null = null;
  #batches: GrowingBatch[] = [];
  #batch: GrowingBatch | null = null;
  #batchDay = NaN;
  #opened: number[] = [];
  #ranged: RangedDownload[] = [];
  /** Parts that wait for one interval more: by then, downloads that they belong to were sent by all. */
  #settled: RangedDownload[] = [];
  #droppedParts = 0;
  #droppedFiles = 0;
  #paths = 0;
  #answered = 0;
  #byFallbacks = 0;
  /** Bytes of parts and hashes that are kept. */
  #kept = 0;
  #keptParts = 0;
  /** Bytes of what was sent and not taken in, in all and of parts, the oldest first, and their sums. */
  readonly #sent: (readonly [all: number, parts: number])[] = [];
  #owed = 0;
  #owedParts = 0;

  constructor(options: BatchRecorderOptions) {
    this.#options = options;
    this.#limit = options.limit ?? 8_000_000;
    this.#lines = new DownloadLines(options.wanted);
    this.#large = new LargeRedirects(options.largeFrom ?? (() => null));
    options.hours?.onFirst(() => {
      this.#hourTimer ??= options.clock.after(HOURS_ALONE, () => this.#sendHours());
    });
  }

  record(facts: AnswerFacts): void {
    const { clock, interval = 100 } = this.#options;
    if (this.#lines.add(facts, this.#room)) {
      this.#lineTimer ??= clock.after(interval, () => this.#sendLines());
    }
    if (facts.download === "none") return;
    this.#answered++;
    if (facts.fallback) this.#byFallbacks++;
    this.#large.add(facts);
    this.#count(facts);
    this.#countLater();
  }

  /** The control thread has taken in what was sent first. */
  taken(): void {
    const [all, parts] = this.#sent.shift() ?? [0, 0];
    this.#owed -= all;
    this.#owedParts -= parts;
  }

  /** Sends what there is, now. */
  flush(): void {
    this.#stopTimers();
    this.#settle();
    this.#settle();
    this.#send(this.#settled, true);
  }

  [Symbol.dispose](): void {
    this.flush();
  }

  get #room(): number {
    return this.#limit - this.#owed - this.#kept - this.#lines.bytes;
  }

  /** Each part is an object, and costs the control thread more than its bytes. */
  get #roomForParts(): number {
    return Math.min(this.#room, this.#limit / 4 - this.#owedParts - this.#keptParts);
  }

  #countLater(): void {
    const { clock, countInterval = 500 } = this.#options;
    this.#countTimer ??= clock.after(countInterval, () => this.#sendCounts());
  }

  #sendCounts(): void {
    this.#countTimer = null;
    // Counts of one file and mirror are one number, however long they wait.
    if (this.#owed >= this.#limit) return this.#countLater();
    this.#stopTimers();
    this.#send(this.#settled);
    this.#settle();
    if (this.#settled.length > 0) this.#countLater();
  }

  #sendLines(): void {
    this.#lineTimer = null;
    const lines = this.#lines.take();
    this.#post({ batches: [], opened: new Float64Array(), ranged: [], ...lines }, 0, 0);
  }

  /** Downloads that wait take it along. */
  #sendHours(): void {
    this.#hourTimer = null;
    if (this.#countTimer !== null) return;
    if (this.#owed >= this.#limit) return this.#countLater();
    this.#send(this.#settled);
  }

  #stopTimers(): void {
    this.#lineTimer?.[Symbol.dispose]();
    this.#countTimer?.[Symbol.dispose]();
    this.#hourTimer?.[Symbol.dispose]();
    this.#lineTimer = this.#countTimer = this.#hourTimer = null;
  }

  #settle(): void {
    this.#settled = [...this.#settled, ...this.#ranged];
    this.#ranged = [];
  }

  /** @param all whether what was tallied is sent also where there is nothing else */
  #send(ranged: readonly RangedDownload[], all = false): void {
    const batches: readonly DownloadBatch[] = this.#batches;
    const opened = new Float64Array(this.#opened);
    const parts = ranged.reduce((sum, { path }) => sum + PART + path.length, 0);
    this.#kept -= parts + HASH * opened.length;
    this.#keptParts -= parts;
    this.#batches = [];
    this.#batch = null;
    this.#paths = 0;
    this.#opened = [];
    this.#settled = [];
    const hours = this.#options.hours?.take() ?? [];
    const counts = batches.reduce((sum, { files, mirrors }) => sum + files.size + mirrors.size, 0);
    this.#post(
      { batches, opened, ranged, hours, ...this.#lines.take() },
      parts + HASH * opened.length + PART * counts,
      parts,
      all,
    );
  }

  #post(
    recorded: Omit<RecordedAnswers, "answers" | "dropped"> & { readonly droppedLines: number },
    bytes: number,
    parts: number,
    all = false,
  ): void {
    const { droppedLines, hours = [], ...rest } = recorded;
    const { batches, ranged, lines, refused } = rest;
    const files = this.#droppedFiles;
    const dropped = { parts: this.#droppedParts, lines: droppedLines, ...(files > 0 && { files }) };
    const empty = batches.length + ranged.length + lines.length + refused.lines.length +
        refused.more + dropped.parts + dropped.lines + files + hours.length === 0;
    const { tally } = this.#options;
    const tallies = tally !== undefined && !tally.empty;
    if (empty && !(all && tallies)) return;
    this.#droppedParts = this.#droppedFiles = 0;
    const large = this.#large.take();
    const answers = { all: this.#answered, fallback: this.#byFallbacks };
    this.#answered = this.#byFallbacks = 0;
    const size = [...lines, ...refused.lines, ...large.map(({ path }) => path)]
      .reduce((sum, { length }) => sum + length, bytes);
    this.#sent.push([size, parts]);
    this.#owed += size;
    this.#owedParts += parts;
    this.#options.send({
      ...rest,
      answers,
      ...(hours.length > 0 && { hours }),
      ...(large.length > 0 && { large }),
      dropped,
      ...(tallies && { tallied: tally.take() }),
    });
  }

  #count(facts: AnswerFacts): void {
    const { time, path, size, address, userAgent, country } = facts;
    const named = facts.fallback ? 0 : facts.candidate?.mirror.id ?? 0;
    // This server itself is no mirror.
    const mirrorId = named < 1 ? null : named;
    if (facts.download === "ranged") {
      const bytes = PART + path.length;
      if (this.#roomForParts < bytes) return void this.#droppedParts++;
      this.#kept += bytes;
      this.#keptParts += bytes;
      const hash = downloadHash(address, userAgent ?? "", path);
      const client = clientHash(address, userAgent ?? "");
      this.#ranged.push({ time, path, mirrorId, size, clientHash: client, hash, country });
      return;
    }
    if (userAgent !== null && this.#room >= HASH) {
      this.#kept += HASH;
      this.#opened.push(downloadHash(address, userAgent, path));
    }
    this.#options.hours?.downloaded(time, country, mirrorId === null ? 0 : size);
    const batch = this.#batchOf(time);
    this.#countFile(batch, path);
    if (mirrorId === null) return;
    const mirror = batch.mirrors.get(mirrorId);
    if (mirror === undefined) {
      batch.mirrors.set(mirrorId, { downloads: 1, bytes: size });
    } else {
      mirror.downloads++;
      mirror.bytes += size;
    }
  }

  #countFile({ files }: GrowingBatch, path: string): void {
    const known = files.get(path);
    if (known === undefined) {
      if (this.#paths >= (this.#options.paths ?? MOST_PATHS)) return void this.#droppedFiles++;
      this.#paths++;
    }
    files.set(path, (known ?? 0) + 1);
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
