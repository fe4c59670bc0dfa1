import { carriesAll, parseCarriedTree } from "../catalog/carried_tree.ts";
import { carriesPath } from "../catalog/carried_paths.ts";
import type { IndexedFile } from "../catalog/file.ts";
import type { MirrorRecord } from "../catalog/mirror_state.ts";
import {
  formatWatched,
  MOST_WATCHED,
  parseWatched,
  type Rollout,
  rolloutOf,
  type WatchedRollout,
} from "../catalog/rollout.ts";
import { whoHas } from "../catalog/who_has.ts";
import type { Clock } from "../clock/clock.ts";
import type { Log } from "../log/log.ts";
import { messageOf } from "../log/message_of.ts";
import type { Store, StoreChange } from "../store/store.ts";
import { latePeriods } from "../catalog/late_periods.ts";

/** What a {@linkcode RolloutWatch} works with. */
export interface RolloutWatchOptions {
  readonly store: Pick<
    Store,
    "available" | "lookup" | "mirrorDownloads" | "mirrors" | "notes" | "watch"
  >;
  /** The paths of the source's files. */
  readonly paths: () => Promise<Iterable<string>>;
  readonly log: Pick<Log, "debug">;
  readonly clock: Pick<Clock, "every" | "now">;
  readonly signal: AbortSignal;
}

/** Milliseconds between two looks at what changed. */
const LOOK = 1000;

/** What is rolled out now, and who has it. */
interface Present {
  /** Empty for a directory. */
  readonly version: string;
  readonly since: number | null;
  readonly mirrors: readonly MirrorRecord[];
  readonly has: ReadonlySet<number>;
}

/** Watches how files and directories reach the mirrors. */
export class RolloutWatch {
  readonly #options: RolloutWatchOptions;
  #stale = true;
  #running = false;
  /** Whatever reads notes and writes them, one after the other: else one forgets what the other found. */
  #last: Promise<unknown> = Promise.resolve();

  constructor(options: RolloutWatchOptions) {
    this.#options = options;
  }

  /** Begins, until that is disposed of. */
  start(): Disposable {
    const { store, clock, signal } = this.#options;
    store.watch((change) => this.#take(change), signal);
    return clock.every(LOOK, () => void this.look());
  }

  /**
   * Tells how far a path is.
   *
   * @param path of a file or a directory, clean
   * @param watch whether to note from now on when mirrors get it
   * @returns `null`: the source has nothing of that name
   */
  async rollout(path: string, watch: boolean): Promise<Rollout | null> {
    const { store, clock } = this.#options;
    const present = await this.#present(path);
    if (present === null) return null;
    if (watch) {
      await this.#alone(async () => {
        const present = await this.#present(path);
        if (present !== null) await this.#watch(path, present);
      });
    }
    const [[note], counts] = await Promise.all([
      store.notes.get("rollout", [path]),
      store.mirrorDownloads(latePeriods(clock.now())),
    ]);
    const noted = typeof note === "string" ? parseWatched(note) : null;
    const watched = noted?.version === present.version ? noted : null;
    const { mirrors, since, has } = present;
    return rolloutOf({
      ...{ mirrors, counts, watched },
      since: since ?? watched?.began ?? null,
      has: ({ id }) => has.has(id),
    });
  }

  /** Looks at what is watched. */
  async look(): Promise<void> {
    const { store, log, signal } = this.#options;
    if (!this.#stale || this.#running || !store.available || signal.aborted) return;
    this.#running = true;
    this.#stale = false;
    try {
      await this.#alone(async () => {
        for (const [path, text] of await store.notes.all("rollout")) {
          const present = await this.#present(path);
          const watched = parseWatched(text);
          if (present !== null) await this.#note(path, watched, present);
        }
      });
    } catch (error) {
      this.#stale = true;
      log.debug(`Cannot watch what reaches mirrors: ${messageOf(error)}`);
    } finally {
      this.#running = false;
    }
  }

  #take(change: StoreChange): void {
    if (change.type === "condition") return;
    if (change.type !== "notes" || change.kind === "carried") this.#stale = true;
  }

  #alone(work: () => Promise<void>): Promise<void> {
    const task = this.#last.then(work);
    this.#last = task.catch(() => {});
    return task;
  }

  async #watch(path: string, present: Present): Promise<void> {
    const { store } = this.#options;
    const noted = await store.notes.all("rollout");
    const text = noted.get(path);
    if (text === undefined && noted.size >= MOST_WATCHED) {
      const [oldest] = [...noted].sort(([, a], [, b]) => beganOf(a) - beganOf(b));
      await store.notes.change("rollout", { removed: [oldest![0]] });
    }
    await this.#note(path, text === undefined ? null : parseWatched(text), present);
  }

  /** Notes who has it now, and had it not before. */
  async #note(path: string, watched: WatchedRollout | null, present: Present): Promise<void> {
    const { store, clock } = this.#options;
    const now = clock.now();
    const { version, has } = present;
    const known = watched?.version === version ? watched : null;
    const seen = new Set([...known?.first ?? [], ...known?.arrivals.keys() ?? []]);
    const fresh = [...has].filter((id) => !seen.has(id));
    if (known !== null && fresh.length === 0) return;
    // A version that came while somebody watched was nowhere when it came.
    const first = known?.first ?? (watched === null ? fresh : []);
    const arrived = known === null && watched === null ? [] : fresh;
    const arrivals = new Map([
      ...known?.arrivals ?? [],
      ...arrived.map((id): [number, number] => [id, now]),
    ]);
    const began = known?.began ?? now;
    const text = formatWatched({ version, began, first, arrivals });
    await store.notes.change("rollout", { put: new Map([[path, text]]) });
  }

  async #present(path: string): Promise<Present | null> {
    const { store } = this.#options;
    const indexed = path === "/" ? null : await store.lookup(path);
    const directory = path === "/" ? "/" : `${path}/`;
    if (indexed === null && !await this.#isDirectory(directory)) return null;
    const mirrors = (await store.mirrors()).filter(({ enabled, wholeTree, paths }) =>
      enabled && !wholeTree &&
      (paths.length === 0 || carriesPath(paths, indexed === null ? directory : path))
    );
    if (indexed !== null) return presentOf(indexed, mirrors);
    const notes = await store.notes.get("carried", mirrors.map(({ id }) => `${id}`));
    const has = mirrors.filter((mirror, i) => {
      const text = notes[i];
      const tree = typeof text === "string" ? parseCarriedTree(text) : null;
      return carriesAll(mirror, tree ?? undefined, directory);
    });
    return { version: "", since: null, mirrors, has: new Set(has.map(({ id }) => id)) };
  }

  async #isDirectory(directory: string): Promise<boolean> {
    for (const path of await this.#options.paths()) if (path.startsWith(directory)) return true;
    return false;
  }
}

function presentOf(indexed: IndexedFile, mirrors: readonly MirrorRecord[]): Present {
  const { size, modTime, firstSeen } = indexed.file;
  const has = new Set(whoHas(indexed, mirrors).map(({ id }) => id));
  return { version: `${size} ${modTime}`, since: firstSeen ?? modTime, mirrors, has };
}

function beganOf(text: string): number {
  return parseWatched(text)?.began ?? 0;
}
