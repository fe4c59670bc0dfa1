import type { SourceFile } from "../catalog/file.ts";
import { SetRules } from "../catalog/set_rule.ts";
import { formatHistory, type FormerVersion, type SetRevision } from "../catalog/set_state.ts";
import type { Clock, Timer } from "../clock/clock.ts";
import type { Config } from "../config/config.ts";
import type { Log } from "../log/log.ts";
import { messageOf } from "../log/message_of.ts";
import { Trees } from "../selection/tree.ts";
import type { Store } from "../store/store.ts";
import type { SourceDifference } from "../store/difference.ts";

/** What a {@linkcode SetRecorder} works with. */
export interface SetRecorderOptions {
  readonly store: Pick<Store, "lookup" | "notes" | "sourceFiles">;
  /** The configuration in force now. */
  readonly config: () => Pick<Config, "metadataSets">;
  /** Hashes a root; `null`: it is another file by now, or gone. Empty: it is too large. */
  readonly hashRoot: (file: SourceFile) => Promise<string | null>;
  readonly log: Log;
  readonly clock: Pick<Clock, "after" | "now">;
  readonly signal: AbortSignal;
}

/** Milliseconds without a change until what there is counts as a revision. */
const QUIET = 2000;

/** Milliseconds after the first change at which it does in any case. */
const LATEST = 15_000;

/** Revisions that are kept of a set, at most. */
export const MOST_REVISIONS = 1000;

/** Former versions that are kept of the names of a set, at most. */
const MOST_VERSIONS = 200_000;

/** Names that are looked up at once. */
const STEP = 200;

const MINUTE = 60_000;

/** What is known of a set while it is recorded. */
interface Recorded {
  revisions: readonly SetRevision[];
  readonly former: Map<string, FormerVersion[]>;
  /** Since when it changes, in milliseconds since the epoch; `null`: it does not. */
  since: number | null;
  timer: Timer | null;
}

/**
 * Records the revisions of metadata sets as the source changes: what a name was before is noted before the
 * index says otherwise, and a new revision counts once everything that belongs to it has been quiet.
 */
export class SetRecorder implements AsyncDisposable {
  readonly #options: SetRecorderOptions;
  readonly #sets = new Map<string, Recorded>();
  /** Which file belongs to which set. */
  #trees = new Trees({ stableDraw: [], metadataSets: [] }, 0);
  #rules = new SetRules([]);
  #configured: Config["metadataSets"] = [];
  #task: Promise<void> = Promise.resolve();

  constructor(options: SetRecorderOptions) {
    this.#options = options;
  }

  /** Takes over what is recorded, and begins with the roots that are new. */
  start(): Promise<void> {
    return this.#after(async () => {
      const { store, config } = this.#options;
      const rules = config().metadataSets;
      this.#configured = rules;
      this.#rules = new SetRules(rules);
      this.#trees = new Trees({ stableDraw: [], metadataSets: rules }, 0);
      for (const { timer } of this.#sets.values()) timer?.[Symbol.dispose]();
      this.#sets.clear();
      if (rules.length === 0) return;
      this.#trees.takeSets(await store.notes.all("set"), null);
      for (const [root, { history }] of this.#trees.sets) {
        const former = new Map([...history.former].map(([path, all]) => [path, [...all]]));
        this.#sets.set(root, { revisions: history.revisions, former, since: null, timer: null });
        // It may have changed while nobody looked.
        this.#touch(root);
      }
      for await (const batch of store.sourceFiles()) {
        for (const { path } of batch) if (this.#rules.rootOf(path)) this.#begin(path);
      }
    });
  }

  /** The configuration may be another one. */
  configured(): void {
    if (this.#options.config().metadataSets !== this.#configured) void this.start();
  }

  /** Notes what names were, before the index says what they are. */
  beforeWrite({ changed, removed }: SourceDifference): Promise<void> {
    if (this.#configured.length === 0) return Promise.resolve();
    return this.#after(async () => {
      const files = new Map(changed.map((file) => [file.path, file]));
      const bound = [...files.keys(), ...removed]
        .filter((path) => this.#trees.of(path)?.set?.isStable(path));
      const touched = new Set<string>();
      for (let start = 0; start < bound.length; start += STEP) {
        const some = bound.slice(start, start + STEP);
        const known = await Promise.all(some.map((path) => this.#options.store.lookup(path)));
        some.forEach((path, i) => {
          const root = this.#noteFormer(path, known[i]?.file ?? null, files.get(path) ?? null);
          if (root !== null) touched.add(root);
        });
      }
      for (const root of touched) {
        await this.#write(root);
        this.#touch(root);
      }
      for (const path of files.keys()) if (this.#rules.rootOf(path)) this.#begin(path);
    });
  }

  /** Waits until nothing is written any more. */
  async [Symbol.asyncDispose](): Promise<void> {
    for (const { timer } of this.#sets.values()) timer?.[Symbol.dispose]();
    await this.#task;
  }

  /** @returns the root of the set; `null`: the file is as it was */
  #noteFormer(path: string, before: SourceFile | null, after: SourceFile | null): string | null {
    if (before === null && after === null) return null;
    if (before?.size === after?.size && before?.modTime === after?.modTime) return null;
    const { root } = this.#trees.of(path)!.set!;
    const set = this.#sets.get(root);
    if (set === undefined || set.revisions.length === 0) return null;
    const until = set.revisions.at(-1)!.number + 1;
    const versions = set.former.get(path) ?? [];
    // It was noted already what the present revision has.
    if (versions.at(-1)?.until !== until) {
      versions.push({ until, size: before?.size ?? -1, modTime: before?.modTime ?? null });
      set.former.set(path, versions);
    }
    return root;
  }

  /** A root that may be new here. */
  #begin(root: string): void {
    if (this.#sets.has(root)) return;
    this.#sets.set(root, { revisions: [], former: new Map(), since: null, timer: null });
    this.#touch(root);
  }

  /** Something of the set changed: it settles after a while. */
  #touch(root: string): void {
    const { clock } = this.#options;
    const set = this.#sets.get(root)!;
    const now = clock.now();
    set.since ??= now;
    set.timer?.[Symbol.dispose]();
    const wait = set.revisions.length === 0 ? 500 : Math.min(QUIET, set.since + LATEST - now);
    set.timer = clock.after(Math.max(0, wait), () => {
      set.timer = null;
      void this.#after(() => this.#settle(root, set));
    });
  }

  async #settle(root: string, set: Recorded): Promise<void> {
    const { store, hashRoot, clock, log } = this.#options;
    if (this.#sets.get(root) !== set || set.timer !== null) return;
    const file = (await store.lookup(root))?.file ?? null;
    if (file === null) {
      this.#sets.delete(root);
      await store.notes.change("set", { removed: [root] });
      return this.#follow();
    }
    const present = set.revisions.at(-1);
    if (present?.size === file.size && present.modTime === file.modTime) {
      this.#takeAsPresent(set.former, present.number + 1);
    } else {
      const sha256 = await hashRoot(file);
      if (sha256 === null) return this.#touch(root);
      const number = (present?.number ?? 0) + 1;
      const { size, modTime } = file;
      set.revisions = [...set.revisions, { number, size, modTime, sha256, time: clock.now() }];
      log.debug(`Metadata set ${root}: revision ${number}`);
    }
    set.since = null;
    this.#prune(root, set);
    await this.#write(root);
  }

  /** Names changed without their root: then what they are now is what the present revision has. */
  #takeAsPresent(former: Map<string, FormerVersion[]>, next: number): void {
    for (const [path, versions] of former) {
      if (versions.at(-1)!.until !== next) continue;
      versions.pop();
      if (versions.length === 0) former.delete(path);
    }
  }

  /** Forgets what may not be served any more, and what is too much. */
  #prune(root: string, set: Recorded): void {
    const { maxBehind } = this.#rules.rootOf(root)!.rule;
    const from = this.#options.clock.now() - maxBehind * MINUTE;
    let { revisions } = set;
    let versions = 0;
    for (const all of set.former.values()) versions += all.length;
    while (
      revisions.length > 1 &&
      (revisions[1]!.time < from || revisions.length > MOST_REVISIONS || versions > MOST_VERSIONS)
    ) {
      revisions = revisions.slice(1);
      const oldest = revisions[0]!.number;
      versions = 0;
      for (const [path, all] of set.former) {
        const kept = all.filter(({ until }) => until > oldest);
        if (kept.length === 0) set.former.delete(path);
        else set.former.set(path, kept);
        versions += kept.length;
      }
    }
    set.revisions = revisions;
  }

  async #write(root: string): Promise<void> {
    const text = formatHistory(this.#sets.get(root)!);
    await this.#options.store.notes.change("set", { put: new Map([[root, text]]) });
    if (!this.#trees.sets.has(root)) this.#follow();
  }

  /** Sets came or went: others belong to them now. */
  #follow(): void {
    const notes = new Map<string, string>();
    for (const [root, set] of this.#sets) {
      if (set.revisions.length > 0) notes.set(root, formatHistory(set));
    }
    this.#trees.takeSets(notes, null);
  }

  #after(action: () => Promise<void>): Promise<void> {
    const { signal, log } = this.#options;
    this.#task = this.#task.then(async () => {
      if (signal.aborted) return;
      try {
        await action();
      } catch (error) {
        if (!signal.aborted) log.debug(`Cannot record metadata sets: ${messageOf(error)}`);
      }
    });
    return this.#task;
  }
}
