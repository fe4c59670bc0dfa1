import { compareVersions, LatestPattern, type LatestRule } from "../catalog/latest_rule.ts";
import { whoHas } from "../catalog/who_has.ts";
import type { Clock } from "../clock/clock.ts";
import type { Config } from "../config/config.ts";
import type { Log } from "../log/log.ts";
import { messageOf } from "../log/message_of.ts";
import type { Store, StoreChange } from "../store/store.ts";

/** What a {@linkcode LatestWatch} works with. */
export interface LatestWatchOptions {
  readonly store: Pick<Store, "available" | "lookup" | "mirrors" | "notes" | "watch">;
  readonly config: () => Pick<Config, "latest">;
  /** The paths of the source's files. */
  readonly paths: () => Promise<Iterable<string>>;
  readonly log: Pick<Log, "debug" | "warn">;
  readonly clock: Pick<Clock, "every">;
  readonly signal: AbortSignal;
}

/** Paths that stand for a newest version, at most. */
const MOST_LATEST = 1000;

/** Versions of one of them that are looked at, the highest. */
const MOST_VERSIONS = 20;

/** Milliseconds between two looks at what changed. */
const LOOK = 1000;

/** Looks after which everything is judged anew in any case. */
const ANYWAY = 60;

interface Version {
  readonly version: string;
  readonly file: string;
}

/** A path with its versions, the highest first. */
interface Latest {
  readonly mirrors: number;
  readonly versions: Version[];
}

/** Finds out which file each path of `Latest` stands for, and notes it for all nodes. */
export class LatestWatch {
  readonly #options: LatestWatchOptions;
  #known: Map<string, Latest> = new Map();
  /** Whether that may be another way by now. */
  #outdated = true;
  #rules: readonly LatestRule[] = [];
  #stale = true;
  #looks = 0;
  #running = false;

  constructor(options: LatestWatchOptions) {
    this.#options = options;
  }

  /** Begins, until that is disposed of. */
  start(): Disposable {
    const { store, clock, signal } = this.#options;
    store.watch((change) => this.#take(change), signal);
    return clock.every(LOOK, () => void this.look());
  }

  /** Looks at what changed. */
  async look(): Promise<void> {
    const { store, config, log, signal } = this.#options;
    const { latest } = config();
    if (this.#rules !== latest) {
      this.#rules = latest;
      this.#outdated = true;
      this.#stale = true;
    }
    if (++this.#looks % ANYWAY === 0) this.#stale = true;
    if (!this.#stale || this.#running || !store.available || signal.aborted) return;
    this.#running = true;
    this.#stale = false;
    try {
      await this.#judge();
    } catch (error) {
      this.#stale = true;
      log.debug(`Cannot find out what Latest stands for: ${messageOf(error)}`);
    } finally {
      this.#running = false;
    }
  }

  #take(change: StoreChange): void {
    if (change.type === "condition" || change.type === "notes") return;
    this.#stale = true;
    if (change.type !== "copies" && change.type !== "mirror") this.#outdated = true;
  }

  async #judge(): Promise<void> {
    const { store } = this.#options;
    const before = await store.notes.all("latest");
    if (this.#rules.length === 0 && before.size === 0) return;
    if (this.#outdated) {
      // What changes while it is read is read again.
      this.#outdated = false;
      try {
        this.#known = await this.#read();
      } catch (error) {
        this.#outdated = true;
        throw error;
      }
    }
    const mirrors = (await store.mirrors()).filter(({ enabled, httpUp, httpsUp, unchecked }) =>
      enabled && (httpUp || httpsUp || unchecked)
    );
    const put = new Map<string, string>();
    const kept = new Set<string>();
    for (const [path, { versions, mirrors: needed }] of this.#known) {
      for (const { file } of versions) {
        const indexed = await store.lookup(file);
        if (indexed === null || whoHas(indexed, mirrors).length < needed) continue;
        kept.add(path);
        if (before.get(path) !== file) put.set(path, file);
        break;
      }
    }
    const removed = [...before.keys()].filter((path) => !kept.has(path));
    if (put.size + removed.length > 0) await store.notes.change("latest", { put, removed });
  }

  async #read(): Promise<Map<string, Latest>> {
    const { paths, log } = this.#options;
    const known = new Map<string, Latest>();
    if (this.#rules.length === 0) return known;
    const rules = this.#rules.map((rule) => ({ rule, pattern: new LatestPattern(rule) }));
    let left = 0;
    for (const file of await paths()) {
      for (const { rule, pattern } of rules) {
        const found = pattern.read(file);
        if (found === null) continue;
        const latest = known.get(found.path);
        if (latest !== undefined) keep(latest.versions, { version: found.version, file });
        else if (known.size < MOST_LATEST) {
          const versions = [{ version: found.version, file }];
          known.set(found.path, { mirrors: rule.mirrors, versions });
        } else left++;
        break;
      }
    }
    if (left > 0) {
      log.warn(`Latest: ${left} files of further paths than ${MOST_LATEST} are left out`);
    }
    return known;
  }
}

/** Puts a version in its place; those of the same number by path. */
function keep(versions: Version[], one: Version): void {
  const place = versions.findIndex(({ version, file }) =>
    (compareVersions(version, one.version) || (file < one.file ? -1 : 1)) < 0
  );
  versions.splice(place < 0 ? versions.length : place, 0, one);
  if (versions.length > MOST_VERSIONS) versions.pop();
}
