import type { Clock, Timer } from "../clock/clock.ts";
import { ScanError } from "../catalog/scan_error.ts";
import type { MirrorScanResult, ScanProgress } from "../catalog/scan_result.ts";
import type {
  MirrorScanOutcome,
  MirrorScanRequest,
  SourceScanOutcome,
  SourceScanRequest,
} from "./api/scan_schemas.ts";
import { ControlError } from "./api/control_error.ts";
import type { MirrorService } from "./mirror_service.ts";
import type { ScanRunner } from "./scan_runner.ts";

/** What makes a running scan observable and abortable. */
export interface ScanObserver {
  readonly signal: AbortSignal;
  readonly onProgress: (progress: ScanProgress) => void;
}

/** Removes what is known of the source and not needed any more. Both may throw what a store throws. */
export interface SourcePruner {
  /** Removes hashes of pieces that are not asked for. @returns of how many files */
  readonly prunePieces: () => Promise<number>;
  /** Forgets the former versions of a file. @returns how many there were */
  readonly forgetRevisions: (path: string) => Promise<number>;
}

/** Scans that an operator asks for. Every method throws {@linkcode ControlError}. */
export class ScanService {
  readonly #scans: ScanRunner;
  readonly #mirrors: Pick<MirrorService, "get" | "enable">;
  readonly #pruner: SourcePruner;
  readonly #clock: Pick<Clock, "after">;

  constructor(
    scans: ScanRunner,
    mirrors: Pick<MirrorService, "get" | "enable">,
    pruner: SourcePruner,
    clock: Pick<Clock, "after">,
  ) {
    this.#scans = scans;
    this.#mirrors = mirrors;
    this.#pruner = pruner;
    this.#clock = clock;
  }

  /** Scans a mirror. */
  async scanMirror(
    id: number,
    request: MirrorScanRequest,
    observer: ScanObserver,
  ): Promise<MirrorScanOutcome> {
    const { name } = await this.#mirrors.get(id);
    const { protocol, timeout, full = false } = request;
    using deadline = timeout === null ? null : new Deadline(timeout, this.#clock);
    const signals = [observer.signal, ...(deadline ? [deadline.signal] : [])];
    const signal = AbortSignal.any(signals);
    let result: MirrorScanResult;
    try {
      const how = protocol === null ? {} : { protocol };
      result = await this.#scans.scanMirrorNow(id, {
        ...observer,
        ...how,
        full,
        timed: timeout !== null,
        signal,
      });
    } catch (error) {
      const late = signal.aborted && deadline?.signal.aborted;
      const why = late ? `timed out after ${timeout} s` : null;
      throw scanFailure(error, (detail) => `scanning ${name} failed: ${why ?? detail}`, signal);
    }
    if (request.enable) await this.#mirrors.enable(id, true);
    return { ...result, enabled: request.enable };
  }

  /** Takes a listing that rsync wrote elsewhere for the scan of a mirror. */
  async takeListing(
    id: number,
    listing: AsyncIterable<Uint8Array>,
    observer: ScanObserver,
  ): Promise<MirrorScanOutcome> {
    const { name } = await this.#mirrors.get(id);
    try {
      return { ...await this.#scans.scanMirrorNow(id, { ...observer, listing }), enabled: false };
    } catch (error) {
      throw scanFailure(
        error,
        (detail) => `taking the listing of ${name} failed: ${detail}`,
        observer.signal,
      );
    }
  }

  /** Scans the source repository. */
  async scanSource(request: SourceScanRequest, observer: ScanObserver): Promise<SourceScanOutcome> {
    const { rehash, force, prunePieces = false, forgetRevisions = null } = request;
    const pruned = prunePieces ? { pruned: await this.#pruner.prunePieces() } : {};
    try {
      const scan = { rehash, force, ...observer };
      const { aliases: _, ...outcome } = await this.#scans.scanSourceNow(scan);
      // Only now: the scan may have kept the one that was there until now.
      const forgotten = forgetRevisions === null
        ? {}
        : { forgotten: await this.#pruner.forgetRevisions(forgetRevisions) };
      return { ...outcome, ...pruned, ...forgotten };
    } catch (error) {
      throw scanFailure(error, (detail) => detail, observer.signal);
    }
  }
}

/** A signal that is aborted after some time, unless it was disposed of before. */
class Deadline implements Disposable {
  readonly #aborter = new AbortController();
  readonly #timer: Timer;

  /** @param seconds until the signal is aborted */
  constructor(seconds: number, clock: Pick<Clock, "after">) {
    this.#timer = clock.after(seconds * 1000, () => this.#aborter.abort());
  }

  get signal(): AbortSignal {
    return this.#aborter.signal;
  }

  [Symbol.dispose](): void {
    this.#timer[Symbol.dispose]();
  }
}

/** Turns what a scan throws into an error for the operator; what is not the scan's stays as it is. */
function scanFailure(
  error: unknown,
  word: (detail: string) => string,
  signal: AbortSignal,
): unknown {
  if (error instanceof ScanError && error.reason === "not_indexed") {
    return new ControlError("not_indexed", error.message, {}, { cause: error });
  }
  if (error instanceof ScanError) {
    return new ControlError("scan_failed", word(error.message), {}, { cause: error });
  }
  // The daemon ends, or whoever asked went away.
  const aborted = signal.aborted || (error instanceof Error && error.name === "AbortError");
  if (!aborted) return error;
  return new ControlError("scan_failed", word("aborted"), {}, { cause: error });
}
