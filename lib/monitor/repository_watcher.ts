import type { Clock, Timer } from "../clock/clock.ts";
import type { Config } from "../config/config.ts";
import type { Log } from "../log/log.ts";
import { messageOf } from "../log/message_of.ts";
import { listDirectories } from "./watched_directories.ts";

/** What {@linkcode RepositoryWatcher} works with. */
export interface RepositoryWatcherOptions {
  /** Called after something changed, once it is quiet. */
  readonly onChange: () => void;
  readonly log: Log;
  readonly clock: Pick<Clock, "after" | "delay" | "elapsed">;
  /** Milliseconds without a change until it is quiet; default 1000. */
  readonly quiet?: number;
  /** Directories that are watched at most; default 20 000. */
  readonly maximum?: number;
  /** Milliseconds between two looks whether the repository is still the same directory; default 5000. */
  readonly look?: number;
}

/** The keys of the configuration that say what is watched. */
export type WatchSettings = Pick<
  Config,
  "repository" | "repositoryScanInterval" | "watchRepository"
>;

/** Milliseconds after which changes are told although there are more and more of them. */
const LONGEST = 60_000;

/** Milliseconds until a repository that is there and could not be watched is tried again. */
const RETRY = 5 * 60_000;

/** See {@linkcode RepositoryWatcherOptions.look}. */
const LOOK = 5000;

/** What changes a file; reading one, which scans do, is told as well. */
const CHANGES: ReadonlySet<Deno.FsEvent["kind"]> = new Set([
  "create",
  "modify",
  "rename",
  "remove",
]);

/**
 * Notices changes in the source repository, where the system tells of them: not on network file
 * systems, and not in trees of too many directories. One line in the log says so; the interval counts
 * then, as it does without it.
 */
export class RepositoryWatcher implements AsyncDisposable {
  readonly #options: RepositoryWatcherOptions;
  #watched: string | null = null;
  #stop = new AbortController();
  #task: Promise<void> = Promise.resolve();
  #complaint = "";

  constructor(options: RepositoryWatcherOptions) {
    this.#options = options;
  }

  /** Watches what the configuration says; costs nothing where that is as before. */
  follow({ repository, repositoryScanInterval, watchRepository }: WatchSettings): void {
    // Without an interval the source is scanned on demand only.
    const wanted = watchRepository && repositoryScanInterval > 0 ? repository : null;
    if (wanted === this.#watched) return;
    this.#watched = wanted;
    this.#stop.abort();
    this.#stop = new AbortController();
    const { signal } = this.#stop;
    const before = this.#task;
    this.#task = before.then(() =>
      wanted === null ? undefined : this.#keepWatching(wanted, signal)
    );
  }

  /** Watches no more, and waits until that is so. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#watched = null;
    this.#stop.abort();
    await this.#task;
  }

  async #keepWatching(repository: string, signal: AbortSignal): Promise<void> {
    const { look = LOOK } = this.#options;
    let missed = 0;
    while (!signal.aborted) {
      try {
        await this.#watchOnce(repository, signal);
        missed = 0;
      } catch (error) {
        if (signal.aborted) return;
        const isGone = error instanceof Deno.errors.NotFound;
        const message = messageOf(error);
        // A directory may go between the listing and the watching: that is over at the next try.
        if ((!isGone || missed++ > 0) && message !== this.#complaint) {
          this.#complaint = message;
          this.#options.log.warn(
            `Cannot watch the repository "${repository}", it is scanned in intervals: ${message}`,
          );
        }
        await this.#options.clock.delay(isGone ? look : RETRY, signal);
      }
    }
  }

  /** Watches until other directories are to be watched. */
  async #watchOnce(repository: string, signal: AbortSignal): Promise<void> {
    const { maximum = 20_000, onChange, log, clock, look = LOOK } = this.#options;
    const identity = Deno.statSync(repository);
    const directories = await listDirectories({
      root: repository,
      maximum,
      pause: async () => {
        await clock.delay(0);
        signal.throwIfAborted();
      },
    });
    if (directories === null) throw new Error(`it has more than ${maximum} directories`);
    using watcher = Deno.watchFs(directories, { recursive: false });
    const close = (): void => {
      try {
        watcher.close();
      } catch {
        // It is closed already, which Deno before 2.6 does not pass over.
      }
    };
    signal.addEventListener("abort", close);
    // No event tells that a link leads elsewhere now, or that a disk is mounted there.
    const ended = new AbortController();
    const looking = untilElse(
      repository,
      identity,
      () => clock.delay(look, ended.signal),
      ended.signal,
    )
      .then((isElse) => isElse && close());
    try {
      signal.throwIfAborted();
      this.#complaint = "";
      log.debug(`Watching ${directories.length} directories of the repository "${repository}"`);
      // What changed before there was anybody to notice.
      onChange();
      await this.#gather(watcher, new Set(directories), signal);
    } finally {
      ended.abort();
      signal.removeEventListener("abort", close);
      await looking;
    }
  }

  /** Tells of changes until the directories are others. */
  async #gather(
    watcher: Deno.FsWatcher,
    directories: ReadonlySet<string>,
    signal: AbortSignal,
  ): Promise<void> {
    const { clock, onChange, quiet = 1000 } = this.#options;
    let first = 0;
    let last = 0;
    let moved = false;
    let timer: Timer | null = null;
    const tell = (): void => {
      const time = clock.elapsed();
      const rest = Math.min(last + quiet, first + LONGEST) - time;
      if (rest > 0 && rest <= quiet) {
        timer = clock.after(rest, tell);
        return;
      }
      timer = null;
      // Watching anew tells of the change, too, and sees what is in directories that are new.
      if (moved) watcher.close();
      else onChange();
    };
    try {
      for await (const event of watcher) {
        if (!CHANGES.has(event.kind) && event.flag !== "rescan") continue;
        moved ||= event.flag === "rescan" || event.paths.some((path) => concerns(path, event.kind));
        last = clock.elapsed();
        if (timer !== null) continue;
        first = last;
        timer = clock.after(quiet, tell);
      }
    } finally {
      timer?.[Symbol.dispose]();
    }
    signal.throwIfAborted();

    /** Whether an event makes a directory, or takes one away. */
    function concerns(path: string, kind: Deno.FsEvent["kind"]): boolean {
      if (kind === "modify") return false;
      if (directories.has(path)) return kind !== "create";
      try {
        return kind !== "remove" && Deno.lstatSync(path).isDirectory;
      } catch {
        return false;
      }
    }
  }
}

/**
 * Looks again and again until a path leads to another directory than before, or to none.
 *
 * @returns whether it does; `false` when the signal was aborted first
 */
async function untilElse(
  path: string,
  { dev, ino }: Pick<Deno.FileInfo, "dev" | "ino">,
  pause: () => Promise<void>,
  signal: AbortSignal,
): Promise<boolean> {
  while (true) {
    await pause();
    // A disk on the network that does not answer must not keep this thread waiting.
    const now = signal.aborted ? null : await Deno.stat(path).catch(() => null);
    if (signal.aborted) return false;
    if (now?.dev !== dev || now?.ino !== ino) return true;
  }
}
