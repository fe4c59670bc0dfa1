import type { Clock, Timer } from "../clock/clock.ts";
import { ChangedPaths } from "./changed_paths.ts";
import { DirectoryWatchers } from "./directory_watchers.ts";
import { listDirectories } from "./watched_directories.ts";

/** What an {@linkcode EventGatherer} works with. */
export interface EventGathererOptions {
  /**
   * Told what changed.
   *
   * @param paths below the root, with a leading slash; `null`: anything may have changed
   */
  readonly onChange: (paths: readonly string[] | null) => void;
  /** See {@linkcode ChangedPaths}. */
  readonly quiet?: number;
  /** The repository, as its directories are named. */
  readonly root: string;
  /** The directories that are watched; grows and shrinks with them. */
  readonly known: Set<string>;
  /** Directories that are watched at most. */
  readonly maximum: number;
  readonly clock: Pick<Clock, "after" | "delay" | "elapsed">;
}

/** Milliseconds for which changes are gathered before they are told. */
const GATHER = 100;

/** Events in a second of which the system may have kept some to itself. */
const MANY = 1000;

/** Milliseconds in which so many events may come. */
const SECOND = 1000;

/** Milliseconds after which it is told that anything may have changed though there are more events. */
const LONGEST = 10_000;

/**
 * Gathers what the system tells of directories for a moment, and tells which paths changed. Directories that
 * are new are watched besides. It ends where all of them had better be watched anew.
 */
export class EventGatherer implements Disposable {
  readonly #options: EventGathererOptions;
  readonly #watchers: DirectoryWatchers;
  readonly #changed: ChangedPaths;
  readonly #new = new Set<string>();
  #timer: Timer | null = null;
  #events = 0;
  #since = -Infinity;
  /** Since when anything may have changed; `null`: that is told. */
  #lost: number | null = null;
  #ended = false;

  constructor(options: EventGathererOptions) {
    this.#options = options;
    this.#changed = new ChangedPaths(options.quiet);
    this.#watchers = new DirectoryWatchers({ onEvent: (event) => this.#take(event) });
  }

  /** Fulfilled when the directories are to be watched anew; rejected when watching fails. */
  get ended(): Promise<void> {
    return this.#watchers.ended;
  }

  /** @throws one of Deno's errors when a directory cannot be watched */
  watch(directories: readonly string[]): void {
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
    if (kind !== "access") this.#count(time);
    if (flag === "rescan") this.#lost ??= time;
    for (const path of paths) {
      if (kind !== "modify" && kind !== "access") this.#noteDirectory(path, kind, time);
      if (kind !== "modify" || !this.#options.known.has(path)) this.#changed.note(path, kind, time);
    }
    this.#wake();
  }

  /** The system forgets some of very many events without a word. */
  #count(time: number): void {
    if (time - this.#since >= SECOND) {
      this.#since = time;
      this.#events = 0;
    }
    if (++this.#events > MANY) this.#lost ??= time;
  }

  #noteDirectory(path: string, kind: Deno.FsEvent["kind"], time: number): void {
    const { known } = this.#options;
    if (kind !== "create" && known.has(path)) {
      for (const one of known) if (one === path || one.startsWith(`${path}/`)) known.delete(one);
      // What was below it shows in the index only.
      this.#lost ??= time;
    }
    if (kind !== "remove" && !known.has(path) && isDirectory(path)) this.#new.add(path);
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
    const { clock, root, onChange } = this.#options;
    if (this.#new.size > 0) await this.#watchNew();
    if (this.#ended) return;
    const time = clock.elapsed();
    const paths = this.#changed.take(time).map((path) => path.slice(root.length));
    // The root itself is told as an empty path: what concerns it is looked after elsewhere.
    const named = paths.filter((path) => path.startsWith("/"));
    if (named.length > 0) onChange(named);
    if (this.#changed.takeOverflow()) this.#lost ??= time;
    if (this.#lost !== null && (this.#calm(time) || time - this.#lost >= LONGEST)) {
      this.#lost = null;
      onChange(null);
    }
    if (!this.#changed.empty || this.#lost !== null || this.#new.size > 0) this.#wake();
  }

  #calm(time: number): boolean {
    return this.#events <= MANY || time - this.#since >= SECOND;
  }

  /** Watches directories that are new, and what is in them. */
  async #watchNew(): Promise<void> {
    const { known, maximum, clock } = this.#options;
    const pause = (): Promise<void> => clock.delay(0);
    const time = clock.elapsed();
    while (this.#new.size > 0) {
      const found: string[] = [];
      for (const root of this.#new) {
        this.#new.delete(root);
        const below = await listDirectories({ root, maximum: maximum - known.size, pause })
          // Gone again.
          .catch(() => []);
        if (below === null || this.#watchers.full || this.#ended) return this[Symbol.dispose]();
        for (const directory of below) {
          if (known.has(directory)) continue;
          known.add(directory);
          found.push(directory);
        }
        this.#changed.note(root, "create", time);
      }
      if (found.length === 0) continue;
      this.watch(found);
      // Made between the listing and the watching.
      for (const directory of found) {
        for (const name of directoriesIn(directory)) {
          if (!known.has(`${directory}/${name}`)) this.#new.add(`${directory}/${name}`);
        }
      }
    }
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
