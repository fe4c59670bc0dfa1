import { carriesPath } from "../catalog/carried_paths.ts";
import type { ListedFile } from "../catalog/file.ts";
import type { Mirror } from "../catalog/mirror.ts";
import type { ScanProtocol } from "../catalog/mirror_state.ts";
import { pathTest } from "../catalog/path_patterns.ts";
import type { FileTable } from "./file_table.ts";
import type { KnownFile, Lister, Listing, WalkProgress } from "./lister.ts";
import { ListingBounds } from "./listing_bounds.ts";
import { ListingDifference, type ListingResult } from "./listing_difference.ts";
import type { MirrorScanOptions } from "./mirror_scan_options.ts";
import { readCopies } from "./read_copies.ts";
import type { ScanPace } from "./scan_pace.ts";
import { scanTree } from "./scan_tree.ts";

/** Listed files that wait for the previous listing to be read, at most. */
const MOST_WAITING = 32_768;

/** Milliseconds between two looks at how a listing comes on. */
const LOOK_EVERY = 5000;

/** Where a mirror is listed in a way; empty: it has no such address. */
export function scanUrl(mirror: Mirror, protocol: ScanProtocol): string {
  return { rsync: mirror.rsyncUrl, ftp: mirror.ftpUrl, http: mirror.httpUrl }[protocol];
}

/** Lists one mirror, in one way or another, and compares what comes with what it had. */
export class MirrorListing {
  readonly #options: MirrorScanOptions;
  readonly #signal: AbortSignal;
  readonly #sourceFiles: number;
  /** Listed so far. */
  #files = 0;
  /** How far a walk is, where there is one. */
  #walk: WalkProgress | null = null;

  /** Whether a scan over HTTP asks for a path: what is excluded, or not carried on purpose, costs nothing. */
  readonly isMeant: (path: string) => boolean;
  /** Whether a path is none of those that the mirror does not carry on purpose. */
  readonly carries: (path: string) => boolean;

  /**
   * Lists nothing yet.
   *
   * @param options of the scan
   * @param signal ends it, and is aborted too when its lock is lost
   * @param sourceFiles how many the source has: a listing of by far more is none
   */
  constructor(options: MirrorScanOptions, signal: AbortSignal, sourceFiles: number) {
    this.#options = options;
    this.#signal = signal;
    this.#sourceFiles = sourceFiles;
    const { mirror: { paths }, config } = options;
    const excluded = pathTest(config.exclude);
    this.carries = paths.length === 0 ? () => true : (path) => carriesPath(paths, path);
    this.isMeant = (path) => this.carries(path) && !excluded?.(path);
  }

  /**
   * Lists the mirror, and reads the previous listing meanwhile.
   *
   * @param lister how
   * @param pace what a listing has to keep that nobody waits for
   * @returns the listing, which has ended; how it differs from the previous one; and which copies there are now
   * @throws {ListingError} when it does not end well
   * @throws {StoreUnavailableError}
   * @throws the signal's reason when it was aborted
   */
  async read(
    lister: Lister,
    pace: ScanPace,
  ): Promise<{ listing: Listing; difference: ListingResult; copies: KnownFile }> {
    const { mirror, full = false, timed = false, onProgress } = this.#options;
    const url = scanUrl(mirror, lister.protocol);
    const ended = new AbortController();
    const signal = AbortSignal.any([this.#signal, ended.signal]);
    const previous = readCopies(this.#options.store, mirror.id, signal);
    const known = previous.then((copies): KnownFile => (path) => copies.version(path));
    // Whoever awaits them is told; where the listing fails first, nobody does.
    const tree = lister.protocol === "http" ? scanTree(this.#options.store, this.isMeant) : null;
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
      const carried = paths.length === 0 ? batch : batch.filter(({ path }) => this.carries(path));
      waiting = waiting.length === 0 ? [...carried] : waiting.concat(carried);
      this.#files += batch.length;
      if (isRead || waiting.length >= MOST_WAITING) await compareWaiting();
      const files = difference?.indexed ?? this.#files;
      const walk = this.#walk === null ? {} : { walk: this.#walk };
      onProgress?.({ phase: "listing", files, total: null, ...walk });
    }
    const compared = await compareWaiting();
    const result = compared.finish(listing.unread?.(), listing.read?.(), this.carries);
    return { difference: result, copies: compared.copies(result.removed) };
  }
}
