import { formatCarriedTree, parseCarriedTree } from "../catalog/carried_tree.ts";
import type { MirrorEventDetail } from "../catalog/mirror_event.ts";
import { type ScanCounts, type ScanNumbers, validNumbers } from "../catalog/scan_numbers.ts";
import { ScanError } from "../catalog/scan_error.ts";
import type { MirrorScanResult } from "../catalog/scan_result.ts";
import { failureCause } from "../log/failure_cause.ts";
import { messageOf } from "../log/message_of.ts";
import { NoSuchMirrorError } from "../store/store.ts";
import { compareWithSource } from "./compare_with_source.ts";
import { DirectoryTally } from "./directory_tally.ts";
import { type KnownFile, type Lister, ListingError } from "./lister.ts";
import { MirrorListing, scanUrl } from "./mirror_listing.ts";
import type { MirrorScanOptions } from "./mirror_scan_options.ts";
import { endOfScan, ScanPace } from "./scan_pace.ts";
import { detectTimeZoneOffset, TIME_ZONE_SAMPLE } from "./time_zone_offset.ts";
import { readTrace } from "./trace.ts";

const GONE = "the mirror was removed meanwhile";

/** Events that are looked through for how long the last scan took. */
const EVENTS = 200;

/**
 * Learns what a mirror carries. All or nothing: only a listing that ended well takes the place of the
 * previous one.
 *
 * @throws {ScanError} when there is nothing to compare with, no way to list the mirror, another scan of
 * it running, or no listing that ended well
 * @throws {StoreUnavailableError}
 * @throws the signal's reason when it was aborted
 */
export async function scanMirror(options: MirrorScanOptions): Promise<MirrorScanResult> {
  const { mirror, store, signal } = options;
  signal.throwIfAborted();
  if (mirror.wholeTree) {
    throw new ScanError("no_url", "it is never scanned: WholeTree has it asked for single files");
  }
  const sourceFiles = await store.countFiles();
  if (sourceFiles === 0) {
    throw new ScanError(
      "not_indexed",
      "local repository not yet indexed. You should run 'refresh' first!",
    );
  }
  const listers = options.listers.filter(({ protocol }) =>
    options.given ||
    ((options.protocol ?? protocol) === protocol && scanUrl(mirror, protocol) !== "")
  );
  if (listers.length === 0) throw new ScanError("no_url", "no suitable URL for the scan");

  await using lock = await store.lock({ mirrorId: mirror.id });
  if (lock === null) throw new ScanError("in_progress", "a scan of it is already in progress");
  const scan = new MirrorScan(options, AbortSignal.any([signal, lock.signal]), sourceFiles);
  try {
    return await scan.run(listers);
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof NoSuchMirrorError) throw new ScanError("listing", GONE, { cause: error });
    if (!lock.signal.aborted) throw error;
    // Its lock goes with a mirror.
    if (await store.mirror(mirror.id) === null) throw new ScanError("listing", GONE);
    throw new ScanError("in_progress", "the lock was lost, another scan of it may be running", {
      cause: error,
    });
  }
}

/** One scan of one mirror, under its lock. */
class MirrorScan {
  readonly #warnings: string[] = [];
  readonly #options: MirrorScanOptions;
  readonly #signal: AbortSignal;
  readonly #listing: MirrorListing;

  constructor(options: MirrorScanOptions, signal: AbortSignal, sourceFiles: number) {
    this.#options = options;
    this.#signal = signal;
    this.#listing = new MirrorListing(options, signal, sourceFiles);
  }

  /** Tries one lister after the other. */
  async run(listers: readonly Lister[]): Promise<MirrorScanResult> {
    const { mirror, store, now, log } = this.#options;
    const end = await this.#end();
    const ended = new AbortController();
    const trace = this.#trace(AbortSignal.any([this.#signal, ended.signal]));
    try {
      let failure: ListingError | undefined;
      for (const lister of listers) {
        await this.#event({ type: "scan_started", protocol: lister.protocol });
        if (lister.protocol === "http" && mirror.lastSync === null) {
          log.info(`Scan of ${mirror.name}: over HTTP (HTTPScan), for the first time`);
        }
        try {
          return await this.#scan(lister, trace, new ScanPace({ start: now(), end }));
        } catch (error) {
          this.#signal.throwIfAborted();
          if (!(error instanceof ListingError)) throw error;
          failure = error;
          this.#warn(error.message);
          await this.#event({ type: "error", message: error.message });
          if (now() >= end) break;
        }
      }
      await store.updateMirrorState(mirror.id, { lastSync: now() });
      throw new ScanError("listing", failure!.message, { cause: failure });
    } finally {
      ended.abort();
      await trace;
    }
  }

  /** When it must have ended; `Infinity`: it may take as long as it takes. */
  async #end(): Promise<number> {
    const { mirror, store, now, scheduled, timed } = this.#options;
    if (!scheduled || timed) return Infinity;
    return endOfScan(now(), await store.events(mirror.id, EVENTS));
  }

  async #scan(
    lister: Lister,
    trace: Promise<number | null>,
    pace: ScanPace,
  ): Promise<MirrorScanResult> {
    const { mirror, store, now, config, onProgress } = this.#options;
    const { protocol } = lister;
    const { listing, difference, copies } = await this.#listing.read(lister, pace);
    const { indexed, changed, removed, kept } = difference;
    for (const warning of listing.warnings()) this.#warn(warning);
    if (this.#options.full && protocol !== "http") {
      this.#warn("-full changes nothing: only scans over HTTP look at less than everything");
    }
    // What was not listed again is no more exact than it was.
    const before = kept > 0 ? mirror.lastSuccessfulSyncPrecision : 0;
    const precision = Math.max(listing.precision(), before);

    this.#signal.throwIfAborted();
    onProgress?.({ phase: "writing", files: changed.length + removed.length, total: indexed });
    if (changed.length > 0 && precision > mirror.lastSuccessfulSyncPrecision) {
      // Coarser times must not be compared as if they were finer, not even while they are written.
      await store.updateMirrorState(mirror.id, { lastSuccessfulSyncPrecision: precision });
    }
    const shared = await store.updateCopies(mirror.id, { changed, removed }, this.#signal);
    const timeZone = config.fixTimezoneOffsets && protocol !== "http"
      ? await this.#timeZone(precision)
      : 0;
    const lastModTime = await trace;
    this.#signal.throwIfAborted();
    const time = now();
    const numbers = await this.#numbers(copies, {
      ...{ indexed, precision, timeZoneOffset: timeZone ?? 0, time },
      unchanged: changed.length + removed.length === 0,
    });
    await store.updateMirrorState(mirror.id, {
      lastSync: time,
      lastSuccessfulSync: time,
      notScannedFor: 0,
      scanNumbers: numbers && { ...numbers, scan: time },
      lastSuccessfulSyncProtocol: protocol,
      lastSuccessfulSyncPrecision: precision,
      timeZoneOffset: timeZone ?? 0,
      ...(lastModTime === null ? {} : { lastModTime }),
    });
    const counts = {
      indexed,
      known: shared,
      // What was not asked for is forgotten; nobody saw it go.
      removed: removed.filter(
        protocol === "http" ? this.#listing.isMeant : this.#listing.carries,
      ).length,
      timeZoneOffset: timeZone ?? 0,
    };
    await this.#event({
      ...{ type: "scan_completed", ...counts },
      ...(numbers === null ? {} : { numbers: countsOf(numbers) }),
    });
    return {
      protocol,
      ...counts,
      ...(timeZone === null ? { timeZoneUnknown: true } : {}),
      warnings: this.#warnings,
    };
  }

  /** How the listing compares with the source; `null`: nobody wants to know. */
  async #numbers(
    copies: KnownFile,
    { indexed, precision, timeZoneOffset, time, unchanged }: {
      readonly indexed: number;
      readonly precision: number;
      readonly timeZoneOffset: number;
      /** When this scan ended. */
      readonly time: number;
      /** Whether the listing is the same as the last one. */
      readonly unchanged: boolean;
    },
  ): Promise<Omit<ScanNumbers, "scan"> | null> {
    const { mirror, source, compared, config } = this.#options;
    if (source === undefined) return null;
    const files = await source();
    this.#signal.throwIfAborted();
    const tolerance = mirror.tolerance ?? config.tolerance;
    const rule = { mirror, precision, timeZoneOffset, tolerance };
    const comparison = { mirrorId: mirror.id, indexed, rule };
    const last = validNumbers(mirror.scanNumbers, mirror.lastSuccessfulSync);
    const known = unchanged && last !== null &&
      compared?.has(files, { ...comparison, scan: last.scan });
    compared?.note(files, { ...comparison, scan: time });
    if (known && await this.#keepCarried(time)) {
      const { scan: _, ...numbers } = last;
      return numbers;
    }
    const tally = new DirectoryTally(this.#options.named?.() ?? []);
    const numbers = compareWithSource(files, copies, indexed, rule, undefined, tally);
    await this.#noteCarried(formatCarriedTree({ scan: time, lacking: tally.lacking() }));
    return numbers;
  }

  /** What was known by directory holds for another scan. @returns whether anything was known */
  async #keepCarried(scan: number): Promise<boolean> {
    const { mirror, store } = this.#options;
    const [text = null] = await store.notes.get("carried", [`${mirror.id}`]);
    const known = text === null ? null : parseCarriedTree(text);
    if (known === null) return false;
    await this.#noteCarried(formatCarriedTree({ ...known, scan }));
    return true;
  }

  async #noteCarried(text: string): Promise<void> {
    const { mirror, store } = this.#options;
    await store.notes.change("carried", { put: new Map([[`${mirror.id}`, text]]) });
  }

  /** The time-zone offset; `null`, and a warning, when the files do not tell. */
  async #timeZone(precision: number): Promise<number | null> {
    const { mirror, store, random } = this.#options;
    const sample = await store.sharedFiles(mirror.id, TIME_ZONE_SAMPLE, random);
    const offset = detectTimeZoneOffset(mirror.id, sample, precision);
    if (offset === null) this.#warn("Cannot tell the time-zone offset: too few files agree");
    return offset;
  }

  /** Reads the trace file; its failure is a warning, and then there is no time. */
  async #trace(signal: AbortSignal): Promise<number | null> {
    const { mirror, config, fetch, timeout, given = false } = this.#options;
    const location = config.traceFileLocation;
    if (location === "" || mirror.httpUrl === "" || given) return null;
    try {
      return await readTrace({
        httpUrl: mirror.httpUrl,
        location,
        fetch,
        signal,
        clock: { timeout },
      });
    } catch (error) {
      if (!signal.aborted) {
        const detail = error instanceof TypeError || error instanceof DOMException
          ? failureCause(error).text
          : messageOf(error);
        this.#warn(`Cannot read the trace file "${location}": ${detail}`);
      }
      return null;
    }
  }

  #warn(message: string): void {
    this.#warnings.push(message);
    this.#options.log.warn(`Scan of ${this.#options.mirror.name}: ${message}`);
  }

  #event(detail: MirrorEventDetail): Promise<void> {
    const { mirror, store, now } = this.#options;
    return store.addEvent({ ...detail, mirrorId: mirror.id, time: now() });
  }
}

function countsOf(
  { behindSince: _, ...counts }: Omit<ScanNumbers, "scan">,
): ScanCounts {
  return counts;
}
