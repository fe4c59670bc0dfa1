import {
  type Embargo,
  type EmbargoRule,
  formatEmbargo,
  isEmbargoed,
  MOST_EMBARGOS,
  parseEmbargo,
} from "../catalog/embargo.ts";
import type { SourceFile } from "../catalog/file.ts";
import { whoHas } from "../catalog/who_has.ts";
import type { Clock } from "../clock/clock.ts";
import type { Config } from "../config/config.ts";
import type { Log } from "../log/log.ts";
import { messageOf } from "../log/message_of.ts";
import type { Store, StoreChange } from "../store/store.ts";
import type { SourceDifference } from "../store/difference.ts";

/** What an {@linkcode EmbargoWatch} works with. */
export interface EmbargoWatchOptions {
  readonly store: Pick<
    Store,
    "available" | "countFiles" | "lookup" | "mirrors" | "notes" | "watch"
  >;
  readonly config: () => Pick<Config, "embargo">;
  /** Whether a metadata set binds a path to its revision: then an embargo has no say. */
  readonly isBound: (path: string) => boolean;
  readonly log: Pick<Log, "debug" | "info" | "warn">;
  readonly clock: Pick<Clock, "every" | "now">;
  readonly signal: AbortSignal;
}

/** Names that are looked up at once. */
const STEP = 100;

/** Milliseconds between two looks at what is over. */
const LOOK = 1000;

/** Looks after which everything is judged anew in any case. */
const ANYWAY = 30;

const MINUTE = 60_000;

/** Has new versions wait until enough mirrors have them: notes them as they come, and when it is over. */
export class EmbargoWatch {
  readonly #options: EmbargoWatchOptions;
  #stale = true;
  #looks = 0;
  #running = false;

  constructor(options: EmbargoWatchOptions) {
    this.#options = options;
  }

  /** Begins, until that is disposed of. */
  start(): Disposable {
    const { store, clock, signal } = this.#options;
    store.watch((change) => this.#take(change), signal);
    return clock.every(LOOK, () => void this.look());
  }

  /** Notes new versions, before the index says that they are there. */
  async beforeWrite({ changed, removed }: SourceDifference): Promise<void> {
    const { store, config, isBound, log, clock } = this.#options;
    const rules = config().embargo;
    if (rules.length === 0) return;
    const ruled = changed.filter(({ path }) => ruleOf(rules, path) !== null && !isBound(path));
    // What was there before anybody looked is no release.
    if (ruled.length > 0 && await store.countFiles() === 0) return;
    const noted = ruled.length + removed.length === 0
      ? new Map<string, string>()
      : await store.notes.all("embargo");
    const put = new Map<string, string>();
    let left = 0;
    for (const file of await this.#newVersions(ruled)) {
      if (noted.size + put.size >= MOST_EMBARGOS && !noted.has(file.path)) {
        left++;
        continue;
      }
      const { minutes } = ruleOf(rules, file.path)!;
      const { path, size, modTime } = file;
      put.set(path, formatEmbargo({ size, modTime, until: clock.now() + minutes * MINUTE }));
    }
    const gone = removed.filter((path) => noted.has(path));
    if (left > 0) log.warn(`Embargo: ${left} files do not wait, ${MOST_EMBARGOS} do already`);
    for (const path of [...put.keys()].slice(0, 10)) log.info(`Embargo: ${path} waits for mirrors`);
    if (put.size + gone.length > 0) {
      await store.notes.change("embargo", { put, removed: gone });
    }
  }

  /** Looks at what is over. */
  async look(): Promise<void> {
    const { store, log, signal } = this.#options;
    if (++this.#looks % ANYWAY === 0) this.#stale = true;
    if (!this.#stale || this.#running || !store.available || signal.aborted) return;
    this.#running = true;
    this.#stale = false;
    try {
      await this.#judge();
    } catch (error) {
      this.#stale = true;
      log.debug(`Cannot judge embargos: ${messageOf(error)}`);
    } finally {
      this.#running = false;
    }
  }

  #take(change: StoreChange): void {
    if (change.type === "condition" || change.type === "files") return;
    if (change.type !== "notes" || change.kind === "embargo") this.#stale = true;
  }

  async #newVersions(files: readonly SourceFile[]): Promise<SourceFile[]> {
    const fresh: SourceFile[] = [];
    for (let start = 0; start < files.length && fresh.length <= MOST_EMBARGOS; start += STEP) {
      const some = files.slice(start, start + STEP);
      const known = await Promise.all(some.map(({ path }) => this.#options.store.lookup(path)));
      some.forEach((file, i) => {
        const before = known[i]?.file;
        if (before?.size !== file.size || before.modTime !== file.modTime) fresh.push(file);
      });
    }
    return fresh;
  }

  async #judge(): Promise<void> {
    const { store, config, log, clock } = this.#options;
    const noted = await store.notes.all("embargo");
    if (noted.size === 0) return;
    const rules = config().embargo;
    const mirrors = (await store.mirrors()).filter(({ enabled }) => enabled);
    const removed: string[] = [];
    for (const [path, text] of noted) {
      const rule = ruleOf(rules, path);
      const embargo = parseEmbargo(text);
      if (rule === null || embargo === null || embargo.until <= clock.now()) removed.push(path);
      else if (await this.#isReached(path, embargo, rule, mirrors)) {
        log.info(`Embargo: ${path} is on ${rule.mirrors} mirrors`);
        removed.push(path);
      }
    }
    if (removed.length > 0) await store.notes.change("embargo", { removed });
  }

  async #isReached(
    path: string,
    embargo: Embargo,
    { mirrors: needed }: EmbargoRule,
    mirrors: Parameters<typeof whoHas>[1],
  ): Promise<boolean> {
    const indexed = await this.#options.store.lookup(path);
    // It may be about to be written.
    if (indexed === null || !isEmbargoed(embargo, indexed.file, this.#options.clock.now())) {
      return false;
    }
    return whoHas(indexed, mirrors).length >= needed;
  }
}

/** The rule for a path, the first that matches; `null`: none. */
function ruleOf(rules: readonly EmbargoRule[], path: string): EmbargoRule | null {
  return rules.find(({ prefix }) => path.startsWith(prefix)) ?? null;
}
