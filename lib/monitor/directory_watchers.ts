/** Watchers beside the first; more directories are watched anew all together. */
const MOST = 8;

/** What {@linkcode DirectoryWatchers} works with. */
export interface DirectoryWatchersOptions {
  /** Told of each event, once. */
  readonly onEvent: (event: Deno.FsEvent) => void;
}

/** Watches directories, and others that are added later; each alone, not what is below it. */
export class DirectoryWatchers implements Disposable {
  readonly #onEvent: DirectoryWatchersOptions["onEvent"];
  readonly #watchers: Deno.FsWatcher[] = [];
  readonly #end = Promise.withResolvers<void>();

  constructor({ onEvent }: DirectoryWatchersOptions) {
    this.#onEvent = onEvent;
    // Nobody may be waiting when one fails.
    this.#end.promise.catch(() => {});
  }

  /** Fulfilled when it was closed; rejected when a watcher fails. */
  get ended(): Promise<void> {
    return this.#end.promise;
  }

  /** Whether no more can be added. */
  get full(): boolean {
    return this.#watchers.length > MOST;
  }

  /** @throws one of Deno's errors when one of them cannot be watched */
  add(directories: readonly string[]): void {
    const own = new Set(directories);
    const watcher = Deno.watchFs([...directories], { recursive: false });
    this.#watchers.push(watcher);
    (async () => {
      for await (const event of watcher) if (concerns(event, own)) this.#onEvent(event);
    })().then(() => this.#end.resolve(), (error) => this.#end.reject(error));
  }

  /** Watches no more. */
  [Symbol.dispose](): void {
    for (const watcher of this.#watchers) {
      try {
        watcher.close();
      } catch {
        // It is closed already, which Deno before 2.6 does not pass over.
      }
    }
    this.#end.resolve();
  }
}

/**
 * Whether an event is about directories, or what is right in them. The runtime tells each watcher of all that
 * is below its directories, also of what others watch there: those are told of it, too.
 */
function concerns({ paths, flag }: Deno.FsEvent, directories: ReadonlySet<string>): boolean {
  return flag === "rescan" || paths.length === 0 ||
    paths.some((path) =>
      directories.has(path.slice(0, path.lastIndexOf("/")) || "/") || directories.has(path)
    );
}
