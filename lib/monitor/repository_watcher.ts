import type { Clock } from "../clock/clock.ts";
import type { Config } from "../config/config.ts";
import type { Log } from "../log/log.ts";
import { messageOf } from "../log/message_of.ts";
import {
  EventGatherer,
  type Gathering,
  type GatheringEnd,
  type GatheringOptions,
} from "./event_gatherer.ts";
import { listDirectories } from "./watched_directories.ts";

/** What {@linkcode RepositoryWatcher} works with. */
export interface RepositoryWatcherOptions {
  /**
   * Called after something changed.
   *
   * @param paths what did, in the repository, with a leading slash: files, links, directories with all that
   *   is in them; `null`: anything may have changed
   */
  readonly onChange: (paths: readonly string[] | null) => void;
  /** Gathers what the system tells of it. Default: on this thread. */
  readonly gather?: ((options: GatheringOptions) => Gathering) | undefined;
  readonly log: Log;
  readonly clock: Pick<Clock, "after" | "delay" | "elapsed">;
  /** Milliseconds without a write until a file counts as written that was not closed; default 700. */
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

/** Milliseconds until a repository that is there and could not be watched is tried again. */
const RETRY = 5 * 60_000;

/** Milliseconds between the end of watching and the next beginning. */
const RELEASE = 50;

/** Milliseconds for which there has been no flood of changes when the one before is over. */
const STEADY = 2000;

/** Milliseconds between the end of watching and the next beginning, at most, while a flood goes on. */
const LONGEST = 10_000;

/** See {@linkcode RepositoryWatcherOptions.look}. */
const LOOK = 5000;

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
    const { look = LOOK, clock } = this.#options;
    let missed = 0;
    // The system lets go of directories a moment after that was said.
    let pause = RELEASE;
    let flooded = false;
    while (!signal.aborted) {
      const began = clock.elapsed();
      try {
        flooded = await this.#watchOnce(repository, signal, flooded) === "flood";
        missed = 0;
        const goesOn = flooded && clock.elapsed() - began < STEADY;
        // Whoever watches looks at everything first: not again and again while so much is written.
        pause = goesOn ? Math.min(2 * pause, LONGEST) : RELEASE;
        await clock.delay(pause, signal);
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
        await clock.delay(isGone ? look : RETRY, signal);
      }
    }
  }

  /**
   * Watches until other directories are to be watched.
   *
   * @param flooded whether there was a flood of changes just before
   */
  async #watchOnce(
    repository: string,
    signal: AbortSignal,
    flooded: boolean,
  ): Promise<GatheringEnd> {
    const { maximum = 20_000, onChange, quiet, log, clock, look = LOOK } = this.#options;
    const { gather = (options) => new EventGatherer({ ...options, clock }) } = this.#options;
    const identity = Deno.statSync(repository);
    // As events name it.
    const root = Deno.realPathSync(repository);
    const directories = await listDirectories({
      root,
      maximum,
      pause: async () => {
        await clock.delay(0);
        signal.throwIfAborted();
      },
    });
    if (directories === null) throw new Error(`it has more than ${maximum} directories`);
    const ended = new AbortController();
    let looking: Promise<void> = Promise.resolve();
    const events = gather({ onChange, quiet, root, maximum });
    const close = (): void => events[Symbol.dispose]();
    signal.addEventListener("abort", close);
    try {
      signal.throwIfAborted();
      await events.watch(directories);
      signal.throwIfAborted();
      // No event tells that a link leads elsewhere now, or that a disk is mounted there.
      looking = untilElse(
        repository,
        identity,
        () => clock.delay(look, ended.signal),
        ended.signal,
      ).then((isElse) => isElse && close()).then(() => {});
      this.#complaint = "";
      log.debug(`Watching ${directories.length} directories of the repository "${repository}"`);
      // What changed before there was anybody to notice.
      onChange(null);
      // The system says nothing of what it dropped of the last of a flood.
      using _again = flooded ? clock.after(STEADY, () => onChange(null)) : null;
      const end = await events.ended;
      signal.throwIfAborted();
      return end;
    } finally {
      close();
      ended.abort();
      signal.removeEventListener("abort", close);
      await looking;
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
