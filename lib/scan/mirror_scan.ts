import { formatCarriedTree, parseCarriedTree } from "../catalog/carried_tree.ts";
import { carriesPath } from "../catalog/carried_paths.ts";
import type { ListedFile } from "../catalog/file.ts";
import type { Mirror } from "../catalog/mirror.ts";
import type { MirrorEventDetail } from "../catalog/mirror_event.ts";
import type { ScanProtocol } from "../catalog/mirror_state.ts";
import { type ScanCounts, type ScanNumbers, validNumbers } from "../catalog/scan_numbers.ts";
import { pathTest } from "../catalog/path_patterns.ts";
import { ScanError } from "../catalog/scan_error.ts";
import type { MirrorScanResult } from "../catalog/scan_result.ts";
import { failureCause } from "../log/failure_cause.ts";
import { messageOf } from "../log/message_of.ts";
import { NoSuchMirrorError } from "../store/store.ts";
import { compareWithSource } from "./compare_with_source.ts";
import { DirectoryTally } from "./directory_tally.ts";
import type { FileTable } from "./file_table.ts";
import {
  type KnownFile,
  type Lister,
  type Listing,
  ListingError,
  type WalkProgress,
} from "./lister.ts";
import { ListingBounds } from "./listing_bounds.ts";
import { ListingDifference, type ListingResult } from "./listing_difference.ts";
import { readCopies } from "./read_copies.ts";
import type { MirrorScanOptions } from "./mirror_scan_options.ts";
import { endOfScan, ScanPace } from "./scan_pace.ts";
import { scanTree } from "./scan_tree.ts";
import { detectTimeZoneOffset, TIME_ZONE_SAMPLE } from "./time_zone_offset.ts";
import { readTrace } from "./trace.ts";

/** Listed files that wait for the previous listing to be read, at most. */
const MOST_WAITING = 32_768;

/** Milliseconds between two looks at how a listing comes on. */
const LOOK_EVERY = 5000;

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
    ((options.protocol ?? protocol) === protocol && urlFor(mirror, protocol) !== "")
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

function urlFor(mirror: Mirror, protocol: ScanProtocol): string {
  return { rsync: mirror.rsyncUrl, ftp: mirror.ftpUrl, http: mirror.httpUrl }[protocol];
}

/** One scan of one mirror, under its lock. */
class MirrorScan {
  readonly #warnings: string[] = [];
  /** Listed so far. */
  #files = 0;
  /** How far a walk is, where there is one. */
  #walk: WalkProgress | null = null;

  readonly #options: MirrorScanOptions;
  readonly #signal: AbortSignal;

  readonly #sourceFiles: number;

  /** Whether a scan over HTTP asks for a path: what is excluded, or not carried on purpose, costs nothing. */
  readonly #isMeant: (path: string) => boolean;
  /** Whether a path is none of those that the mirror does not carry on purpose. */
  readonly #carries: (path: string) => boolean;

  constructor(options: MirrorScanOptions, signal: AbortSignal, sourceFiles: number) {
    this.#options = options;
    this.#signal = signal;
    this.#sourceFiles = sourceFiles;
    const { mirror: { paths }, config } = options;
    const excluded = pathTest(config.exclude);
    this.#carries = paths.length === 0 ? () => true : (path) => carriesPath(paths, path);
    this.#isMeant = (path) => this.#carries(path) && !excluded?.(path);
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
    const { listing, difference, copies } = await this.#list(lister, pace);
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
      removed: removed.filter(protocol === "http" ? this.#isMeant : this.#carries).length,
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

  /** Lists the mirror, and reads the previous listing meanwhile. */
  async #list(
    lister: Lister,
    pace: ScanPace,
  ): Promise<{ listing: Listing; difference: ListingResult; copies: KnownFile }> {
    const { mirror, full = false, timed = false, onProgress } = this.#options;
    const url = urlFor(mirror, lister.protocol);
    const ended = new AbortController();
    const signal = AbortSignal.any([this.#signal, ended.signal]);
    const previous = readCopies(this.#options.store, mirror.id, signal);
    const known = previous.then((copies): KnownFile => (path) => copies.version(path));
    // Whoever awaits them is told; where the listing fails first, nobody does.
    const tree = lister.protocol === "http" ? scanTree(this.#options.store, this.#isMeant) : null;
    for (const promise of [previous, known, tree]) promise?.catch(() => {});
    try {
      const given = new AbortController();
      const listing = lister.list(url, AbortSignal.any([this.#signal, given.signal]), {
        known,
        ...(tree === null ? {} : { source: tree }),
        ...{ followLinks: mirror.followLinks, paths: mirror.paths, full, timed },
        onProgress: (walk) => {
          this.#walk = walk;
          onProgress?.({ phase: "listing", files: this.#files, total: null, walk });
        },
      });
      using _watch = this.#watch(listing, lister.protocol === "http" ? null : pace, given);
      return { listing, ...await this.#compare(listing, previous) };
    } finally {
      ended.abort();
      await Promise.allSettled([previous]);
    }
  }

  /** Gives a listing up that does not come to an end, unless somebody set a limit of their own. */
  #watch(listing: Listing, pace: ScanPace | null, given: AbortController): Disposable {
    const { now, every, timed, onSlow } = this.#options;
    const bounds = new ListingBounds(this.#sourceFiles);
    let slow = false;
    const look = (): void => {
      try {
        const entries = listing.entries?.() ?? this.#files;
        bounds.check(entries);
        // Scans over HTTP have limits of their own.
        if (timed || pace === null || !pace.look(now(), entries) || slow) return;
        slow = true;
        onSlow?.();
      } catch (error) {
        given.abort(error);
      }
    };
    return every(LOOK_EVERY, look);
  }

  /** Compares the listing with the previous one, while it arrives. */
  async #compare(
    listing: Listing,
    previous: Promise<FileTable>,
  ): Promise<{ difference: ListingResult; copies: KnownFile }> {
    const { onProgress, mirror: { paths } } = this.#options;
    let difference: ListingDifference | undefined;
    let waiting: ListedFile[] = [];
    const compareWaiting = async (): Promise<ListingDifference> => {
      difference ??= new ListingDifference(await previous);
      for (const file of waiting) difference.add(file);
      waiting = [];
      return difference;
    };
    let isRead = false;
    previous.then(() => isRead = true, () => isRead = true);
    const bounds = new ListingBounds(this.#sourceFiles);
    this.#files = 0;
    for await (const batch of listing.files) {
      bounds.add(batch);
      const carried = paths.length === 0 ? batch : batch.filter(({ path }) => this.#carries(path));
      waiting = waiting.length === 0 ? [...carried] : waiting.concat(carried);
      this.#files += batch.length;
      if (isRead || waiting.length >= MOST_WAITING) await compareWaiting();
      const files = difference?.indexed ?? this.#files;
      const walk = this.#walk === null ? {} : { walk: this.#walk };
      onProgress?.({ phase: "listing", files, total: null, ...walk });
    }
    const compared = await compareWaiting();
    const result = compared.finish(listing.unread?.(), listing.read?.(), this.#carries);
    return { difference: result, copies: compared.copies(result.removed) };
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
