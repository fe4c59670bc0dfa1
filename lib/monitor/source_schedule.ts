import { ScanError } from "../catalog/scan_error.ts";
import type { SourceScanResult } from "../catalog/scan_result.ts";
import type { Config } from "../config/config.ts";
import type { Log } from "../log/log.ts";
import type { ProblemLog } from "./problem_log.ts";
import { couldNotBegin, RETRY, type SourceScanRequest } from "./scan_requests.ts";
import { Slots } from "./slots.ts";

/** What {@linkcode SourceSchedule} works with. */
export interface SourceScheduleOptions {
  /** The configuration that is in force now. */
  readonly config: () => Pick<Config, "exclude" | "repository" | "repositoryScanInterval">;
  /** Scans the source, with everything that belongs to it. */
  readonly scanSource: (request: SourceScanRequest) => Promise<SourceScanResult>;
  /** Called after each scan that ended well. */
  readonly onScanned: (result: SourceScanResult) => void;
  /** Told after a scan which paths changed while it ran. */
  readonly onNoted: (paths: readonly string[]) => void;
  readonly log: Log;
  readonly problems: ProblemLog;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

/** Paths that are kept while a scan runs, at most. */
const MOST_NOTED = 20_000;

/** When the source is scanned: at the start, then in intervals, and whenever the repository is another. */
export class SourceSchedule {
  readonly #options: SourceScheduleOptions;
  readonly #slots = new Slots(() => 1);
  /** When a scan is due without regard to the interval; `null`: none is. */
  #due: number | null = 0;
  /** Whether a scan is due because something changed. */
  #wanted = false;
  #lastEnd = 0;
  /** What was scanned last. */
  #scanned: string | null = null;
  /** Paths that changed while a scan runs; `null`: none runs. */
  #noted: Set<string> | null = null;

  constructor(options: SourceScheduleOptions) {
    this.#options = options;
  }

  /**
   * Scans if that is due and no scan runs.
   *
   * @returns `null` when there is nothing to do; else the scan, which never fails
   */
  scanIfDue(signal: AbortSignal): Promise<void> | null {
    const slot = this.#isDue() ? this.#slots.tryTake() : null;
    if (slot === null) return null;
    return (async () => {
      using _slot = slot;
      try {
        await this.#scan({ signal });
      } catch (error) {
        if (signal.aborted || (error instanceof ScanError && error.reason === "in_progress")) {
          return;
        }
        this.#options.problems.add("source", "Cannot scan the source repository", error);
      }
    })();
  }

  /** A scan is due now, whatever the interval; if one runs, another is due after it. */
  want(): void {
    this.#wanted = true;
  }

  /**
   * Takes in which paths changed: those that change while a scan runs are told again after it.
   *
   * @returns whether each can be looked at by itself; else there are so many that another scan is due
   */
  note(paths: readonly string[]): boolean {
    if (this.#noted === null) return true;
    if (this.#noted.size + paths.length > MOST_NOTED) {
      this.want();
      return false;
    }
    for (const path of paths) this.#noted.add(path);
    return true;
  }

  /** Scans now, or after the scan that runs. */
  async scanNow(request: SourceScanRequest): Promise<SourceScanResult> {
    using _slot = await this.#slots.take(request.signal);
    return await this.#scan(request);
  }

  #isDue(): boolean {
    const { repositoryScanInterval } = this.#options.config();
    const now = this.#options.now();
    // One farther away is from a clock that was set back.
    if (this.#due !== null) return now >= this.#due || this.#due - now > RETRY;
    if (this.#wanted || this.#scanned !== scannedAs(this.#options.config())) return true;
    const passed = now - this.#lastEnd;
    return repositoryScanInterval > 0 && (passed >= repositoryScanInterval * 60_000 || passed < 0);
  }

  async #scan(request: SourceScanRequest): Promise<SourceScanResult> {
    const { scanSource, onScanned, onNoted, config, log, problems, now } = this.#options;
    this.#scanned = scannedAs(config());
    this.#wanted = false;
    const noted = this.#noted = new Set<string>();
    try {
      const result = await scanSource(request);
      const { files, changed, removed } = result;
      const summary = `Source scan: ${files} files, ${changed} new or changed, ${removed} removed`;
      if (changed + removed > 0) log.info(summary);
      else log.debug(summary);
      problems.solved("source");
      this.#due = null;
      onScanned(result);
      return result;
    } catch (error) {
      if (couldNotBegin(error)) this.#due = now() + RETRY;
      else if (!request.signal.aborted) this.#due = null;
      throw error;
    } finally {
      this.#lastEnd = now();
      this.#noted = null;
      if (noted.size > 0) onNoted([...noted]);
    }
  }
}

/** Another one is another scan. */
function scannedAs({ repository, exclude }: Pick<Config, "exclude" | "repository">): string {
  return JSON.stringify([repository, exclude]);
}
