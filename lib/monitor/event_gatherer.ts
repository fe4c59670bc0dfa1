import type { Clock, Timer } from "../clock/clock.ts";
import { ChangedPaths } from "./changed_paths.ts";
import { DirectoryWatchers } from "./directory_watchers.ts";
import { listDirectories } from "./watched_directories.ts";

/** What tells of changes of a repository is told. */
export interface GatheringOptions {
  /**
   * Told what changed.
   *
   * @param paths below the root, with a leading slash; `null`: anything may have changed
   */
  readonly onChange: (paths: readonly string[] | null) => void;
  /** See {@linkcode ChangedPaths}. */
  readonly quiet?: number | undefined;
  /** The repository, as its directories are named. */
  readonly root: string;
  /** Directories that are watched at most. */
  readonly maximum: number;
}

/**
 * Why a gathering ended: the directories are others, or there were so many changes that to be told of them
 * takes longer than to look at everything.
 */
export type GatheringEnd = "others" | "flood";

/** Tells of changes of a repository; nothing more once it is disposed of. */
export interface Gathering extends Disposable {
  /** Fulfilled when the directories are to be watched anew; rejected when watching fails. */
  readonly ended: Promise<GatheringEnd>;
  /**
   * Begins with the directories of the repository.
   *
   * @returns when they are watched
   * @throws one of Deno's errors when one of them cannot be watched
   */
  watch(directories: readonly string[]): Promise<void>;
}

/** When there are too many events to go by. */
export interface EventLoss {
  /** Above so many of them. */
  readonly events: number;
  /** In so many milliseconds. */
  readonly within: number;
  /**
   * Above so many that came faster than one in a millisecond, however long that took: the queue of the system
   * may have been full, of which nobody is told. Default: 16 000, somewhat less than Linux keeps.
   */
  readonly queue?: number;
  /**
   * Whether the system keeps some of so many to itself without a word: then there may be directories that
   * nobody watches. Otherwise there are so many that no more of them are waited for.
   */
  readonly silent: boolean;
}

/** What an {@linkcode EventGatherer} works with. */
export interface EventGathererOptions extends GatheringOptions {
  /** When there are too many events to go by; default: above 1000 in a second. */
  readonly loss?: EventLoss | undefined;
  readonly clock: Pick<Clock, "after" | "delay" | "elapsed">;
}

/** Milliseconds for which changes are gathered before they are told. */
const GATHER = 100;

/** See {@linkcode EventGathererOptions.loss}. */
const LOSS: EventLoss = { events: 1000, within: 1000, silent: false };

/** See {@linkcode EventLoss.queue}; inotify(7), `max_queued_events`. */
const QUEUE = 16_000;

/** Milliseconds without too many events until it is told that anything may have changed. */
const CALM = 500;

/** Milliseconds after which it is told that anything may have changed though there are more events. */
const LONGEST = 10_000;

/**
 * Gathers what the system tells of directories for a moment, and tells which paths changed. Directories that
 * are new are watched besides. It ends where all of them had better be watched anew.
 */
export class EventGatherer implements Gathering {
  readonly #options: EventGathererOptions;
  readonly #watchers: DirectoryWatchers;
  readonly #changed: ChangedPaths;
  readonly #loss: EventLoss;
  /** The directories that are watched. */
  readonly #known = new Set<string>();
  /** Those that were, and went or moved: the system may take them for watched when they are back. */
  readonly #left = new Set<string>();
  readonly #new = new Set<string>();
  #timer: Timer | null = null;
  #events = 0;
  #since = -Infinity;
  /** Events that may have waited in the queue of the system. */
  #queued = 0;
  /** When the last event came. */
  #last = -Infinity;
  /** When there were so many events that some may be missing. */
  #above = -Infinity;
  /** Since when anything may have changed; `null`: that is told. */
  #lost: number | null = null;
  /** Whether directories may have come that nobody named. */
  #blind = false;
  #ended = false;
  #end: GatheringEnd = "others";

  constructor(options: EventGathererOptions) {
    this.#options = options;
    this.#changed = new ChangedPaths(options.quiet);
    this.#loss = options.loss ?? LOSS;
    this.#watchers = new DirectoryWatchers({ onEvent: (event) => this.#take(event) });
  }

  /** See {@linkcode Gathering.ended}. */
  get ended(): Promise<GatheringEnd> {
    return this.#watchers.ended.then(() => this.#end);
  }

  /** See {@linkcode Gathering.watch}. */
  // It fails as one that waits does.
  // deno-lint-ignore require-await
  async watch(directories: readonly string[]): Promise<void> {
    for (const directory of directories) this.#known.add(directory);
    this.#watchers.add(directories);
  }

  /** Watches no more, and tells nothing more. */
  [Symbol.dispose](): void {
    this.#ended = true;
    this.#timer?.[Symbol.dispose]();
    this.#watchers[Symbol.dispose]();
  }

  #take({ kind, paths, flag }: Deno.FsEvent): void {
    if (this.#ended) return;
    const time = this.#options.clock.elapsed();
    if (kind !== "access" && this.#isFlood(time)) return this.#giveUp(time);
    if (flag === "rescan") {
      this.#blind = true;
      this.#lost ??= time;
    }
    for (const path of paths) {
      if (!this.#isOurs(path)) continue;
      if (kind !== "modify" && kind !== "access") this.#noteDirectory(path, kind, time);
      if (kind !== "modify" || !this.#known.has(path)) this.#changed.note(path, kind, time);
    }
    this.#wake();
  }

  /** The runtime hands on what others of the program watch, or did a moment ago, too. */
  #isOurs(path: string): boolean {
    const { root } = this.#options;
    return path.startsWith(root) && (path.length === root.length || path[root.length] === "/");
  }

  /** @returns whether there are so many events that to take them in is no use */
  #isFlood(time: number): boolean {
    const { events, within, queue = QUEUE, silent } = this.#loss;
    if (time - this.#since >= within) {
      this.#since = time;
      this.#events = 0;
    }
    this.#queued = Math.max(0, this.#queued - (time - this.#last)) + 1;
    this.#last = time;
    if (++this.#events <= events && this.#queued <= queue) return false;
    if (!silent) return true;
    this.#above = time;
    this.#lost ??= time;
    this.#blind = true;
    return false;
  }

  /** Tells what is known, and watches no more: each event takes longer than a look at its file. */
  #giveUp(time: number): void {
    this.#end = "flood";
    this.#tellNamed(time);
    this[Symbol.dispose]();
  }

  #noteDirectory(path: string, kind: Deno.FsEvent["kind"], time: number): void {
    if (kind !== "create" && this.#known.has(path)) {
      for (const one of this.#known) {
        if (one !== path && !one.startsWith(`${path}/`)) continue;
        this.#known.delete(one);
        this.#left.add(one);
      }
      // What was below it shows in the index only.
      this.#lost ??= time;
    }
    if (kind !== "remove" && !this.#known.has(path) && isDirectory(path)) this.#new.add(path);
  }

  #wake(): void {
    if (this.#timer !== null || this.#ended) return;
    const { clock, quiet = GATHER } = this.#options;
    this.#timer = clock.after(Math.min(GATHER, quiet), () => {
      this.#timer = null;
      this.#tell().catch(() => this[Symbol.dispose]());
    });
  }

  async #tell(): Promise<void> {
    const { clock, onChange, maximum } = this.#options;
    const going = (this.#new.size === 0 || await this.#watchNew()) && this.#left.size <= maximum;
    if (this.#ended) return;
    const time = clock.elapsed();
    this.#tellNamed(time);
    // Whoever watches anew looks at everything.
    if (!going) return this[Symbol.dispose]();
    if (this.#changed.takeOverflow()) this.#lost ??= time;
    if (this.#lost !== null && (time - this.#above >= CALM || time - this.#lost >= LONGEST)) {
      if (this.#blind) return this[Symbol.dispose]();
      this.#lost = null;
      onChange(null);
    }
    if (!this.#changed.empty || this.#lost !== null || this.#new.size > 0) this.#wake();
  }

  #tellNamed(time: number): void {
    const { root, onChange } = this.#options;
    const paths = this.#changed.take(time).map((path) => path.slice(root.length));
    // The root itself is told as an empty path: what concerns it is looked after elsewhere.
    const named = paths.filter((path) => path.startsWith("/"));
    if (named.length > 0) onChange(named);
  }

  /** Watches directories that are new, and what is in them. @returns whether that can be done */
  async #watchNew(): Promise<boolean> {
    const { maximum, clock } = this.#options;
    const pause = (): Promise<void> => clock.delay(0);
    const time = clock.elapsed();
    while (this.#new.size > 0) {
      const found: string[] = [];
      for (const root of this.#new) {
        this.#new.delete(root);
        const below = await listDirectories({ root, maximum: maximum - this.#known.size, pause })
          // Gone again.
          .catch(() => []);
        this.#changed.note(root, "create", time);
        if (below === null || this.#watchers.full || this.#ended) return false;
        for (const directory of below) {
          if (this.#left.has(directory)) return false;
          if (this.#known.has(directory)) continue;
          this.#known.add(directory);
          found.push(directory);
        }
      }
      if (found.length === 0) continue;
      this.#watchers.add(found);
      // Made between the listing and the watching.
      for (const directory of found) {
        for (const name of directoriesIn(directory)) {
          if (!this.#known.has(`${directory}/${name}`)) this.#new.add(`${directory}/${name}`);
        }
      }
    }
    return true;
  }
}

function isDirectory(path: string): boolean {
  try {
    return Deno.lstatSync(path).isDirectory;
  } catch {
    return false;
  }
}

function directoriesIn(directory: string): string[] {
  try {
    return [...Deno.readDirSync(directory)].flatMap((entry) => entry.isDirectory ? entry.name : []);
  } catch {
    return [];
  }
}
