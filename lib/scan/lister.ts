import type { ListedFile } from "../catalog/file.ts";
import type { SourceTree } from "../catalog/source_tree.ts";
import type { ScanProtocol } from "../catalog/mirror_state.ts";

/** One running listing of a mirror. */
export interface Listing {
  /**
   * The files, in batches as they arrive. Ends normally only when the mirror said that the listing is
   * whole; otherwise it throws a {@linkcode ListingError}, or the signal's reason when it was aborted.
   */
  readonly files: AsyncIterable<readonly ListedFile[]>;
  /**
   * How many entries there were so far, of whatever kind; where it stands still, the listing does not
   * come on. Absent: as many as there were files.
   */
  readonly entries?: () => number;
  /** Resolution of the listed times in milliseconds; final once {@linkcode files} has ended. */
  readonly precision: () => number;
  /** What went wrong without spoiling the listing, one sentence each; final once it has ended. */
  readonly warnings: () => readonly string[];
  /**
   * Directories and files that could not be read, or not whole, with a leading slash: what was known of
   * them and below them still stands. An empty one stands for everything. One with a slash at its end
   * stands for the files directly in it. Final once it has ended; absent: there are none.
   */
  readonly unread?: () => readonly string[];
  /**
   * Directories below {@linkcode unread} ones that were read whole all the same: what they did not show
   * is gone. Final once it has ended; absent: there are none.
   */
  readonly read?: () => readonly string[];
}

/** What the previous listing said of a file; `null`: nothing. */
export type KnownFile = (path: string) => Pick<ListedFile, "size" | "modTime"> | null;

/** How far a walk through directories is. */
export interface WalkProgress {
  /** Directories that were looked at, or passed over, so far. */
  readonly directories: number;
  /** How many there are in the source. */
  readonly total: number;
  /** Files that were asked for one by one. */
  readonly probes: number;
}

/** What a lister may make use of. */
export interface ListingOptions {
  /**
   * Saves asking for what did not change, where asking is dear; may still be on its way. Default: nothing
   * is known.
   */
  readonly known?: KnownFile | Promise<KnownFile>;
  /** The files of the source, for who asks for them by name. Default: none. */
  readonly source?: SourceTree | Promise<SourceTree>;
  /** Whether what earlier scans found is forgotten. Default: no. */
  readonly full?: boolean;
  /** Whether the signal comes of a limit that wins over the lister's own. Default: no. */
  readonly timed?: boolean;
  /** Told how far it is, where it goes from directory to directory. Default: nobody asks. */
  readonly onProgress?: (progress: WalkProgress) => void;
  /**
   * What the mirror carries on purpose, as `carriesPath()` takes it: nothing else need be listed. Default:
   * everything.
   */
  readonly paths?: readonly string[];
  /** Whether links on the mirror stand for what they lead to. Default: they are left out. */
  readonly followLinks?: boolean;
}

/** Port: lists what a mirror carries. */
export interface Lister {
  /** How it lists. */
  readonly protocol: ScanProtocol;
  /**
   * Starts to list a mirror.
   *
   * @param url base URL with a trailing slash, perhaps with user and password
   * @param signal aborts the listing and everything it started
   * @param how what else is known, and wanted
   */
  list(url: string, signal: AbortSignal, how?: ListingOptions): Listing;
}

/** A listing that failed, in words for the operator; never holds a password. */
export class ListingError extends Error {
  /** See `Error.name`. */
  override readonly name = "ListingError";
}
