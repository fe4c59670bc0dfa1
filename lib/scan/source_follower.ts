import type { IndexedFile, ListedFile, SourceFile } from "../catalog/file.ts";
import { pathTest } from "../catalog/path_patterns.ts";
import type { Clock, Timer } from "../clock/clock.ts";
import type { Config } from "../config/config.ts";
import { keepRemovedOf } from "../config/keep_removed.ts";
import type { Log } from "../log/log.ts";
import { messageOf } from "../log/message_of.ts";
import type { Store } from "../store/store.ts";
import { keepGone } from "./gone_files.ts";
import { HashLane } from "./hash_lane.ts";
import type { HashWishes } from "./hash_wishes.ts";
import { lookAtPaths, type SeenPath } from "./look_at_paths.ts";
import type { BeforeWrite } from "./source_scan_options.ts";

/** What a {@linkcode SourceFollower} works with. */
export interface SourceFollowerOptions {
  readonly store: Pick<Store, "lookup" | "notes" | "putPieces" | "updateSource">;
  /** The configuration in force now. */
  readonly config: () =>
    & Pick<
      Config,
      "exclude" | "keepRemoved" | "metadataSets" | "repository" | "workers"
    >
    & {
      readonly hashes: HashWishes;
    };
  /** Whether a thread cannot be started, for want of file descriptors. Default: never. */
  readonly pressure?: () => boolean;
  /** Called before the index is written. Default: nobody wants to know. */
  readonly beforeWrite?: BeforeWrite;
  /** Told of the links when they are others. */
  readonly onAliases: (aliases: ReadonlyMap<string, string>) => void;
  /** Told when the index has other files. */
  readonly onChanged: () => void;
  /** Called where single paths do not tell what is to be done: a scan does. */
  readonly onLost: () => void;
  readonly log: Log;
  readonly clock: Pick<Clock, "after" | "elapsed" | "now">;
  readonly signal: AbortSignal;
}

/** Bytes from which on a file is hashed in a lane of its own, so that small ones need not wait. */
const LARGE = 16 * 1024 * 1024;

/** Files that wait for their hashes at most. */
const MOST_HASHES = 50_000;

/** Paths that wait to be looked at, at most: of more a scan makes less trouble. */
const MOST_PATHS = 20_000;

/** Files that are looked up at once. */
const STEP = 200;

/** Milliseconds after which hashes and links have their turn though there is more to look at. */
const LONGEST = 2000;

/** Links that are resolved again when one of them is another. */
const MOST_LINKS = 1000;

/** Milliseconds for which hashes are gathered before they are written. */
const GATHER = 200;

/**
 * Keeps the source index true to single paths that changed: size and time at once, hashes as they are
 * found, when nothing waits to be looked at. What it cannot tell from them it leaves to a scan.
 */
export class SourceFollower implements AsyncDisposable {
  readonly #options: SourceFollowerOptions;
  readonly #lanes: readonly [small: HashLane, large: HashLane];
  #aliases: ReadonlyMap<string, string> = new Map();
  /** Waiting to be looked at. */
  readonly #paths = new Set<string>();
  /** Waiting until nothing is to be looked at. */
  #unhashed: ListedFile[] = [];
  #links: SeenPath[] = [];
  #hashed: SourceFile[] = [];
  #timer: Timer | null = null;
  /** Whatever is written, one after the other. */
  #task: Promise<void> = Promise.resolve();

  constructor(options: SourceFollowerOptions) {
    this.#options = options;
    const lane = (): HashLane =>
      new HashLane({
        ...options,
        now: options.clock.elapsed,
        onHashed: ({ file, pieces }) => {
          if (pieces !== null) this.#after(() => options.store.putPieces(pieces));
          this.#keep(file);
        },
        onFailed: (path, error) => {
          if (error instanceof Deno.errors.NotFound) return;
          options.log.debug(`Cannot hash "${path}" yet: ${messageOf(error)}`);
        },
      });
    this.#lanes = [lane(), lane()];
  }

  /** How many paths wait to be looked at. */
  get waiting(): number {
    return this.#paths.size;
  }

  /** Takes over the links that a scan found. */
  scanned(aliases: ReadonlyMap<string, string>): void {
    this.#aliases = aliases;
  }

  /** Looks at paths that changed, before anything else is done. @returns when the index has them */
  look(paths: readonly string[]): Promise<void> {
    for (const path of paths) {
      // So many are left to a scan anyway, once there is an end to what is being written.
      if (this.#paths.size > MOST_PATHS) break;
      this.#paths.add(path);
    }
    return this.#after(() => Promise.resolve());
  }

  /** Waits until nothing is written any more. */
  async [Symbol.asyncDispose](): Promise<void> {
    for (const lane of this.#lanes) await lane.settled().catch(() => {});
    this.#timer?.[Symbol.dispose]();
    await this.#task;
  }

  #after(action: () => Promise<void>): Promise<void> {
    const { signal, log, onLost } = this.#options;
    this.#task = this.#task.then(async () => {
      if (signal.aborted) return;
      try {
        await this.#look();
        await action();
      } catch (error) {
        if (signal.aborted) return;
        this.#paths.clear();
        log.debug(`Cannot follow the repository, it is scanned: ${messageOf(error)}`);
        onLost();
      }
    });
    return this.#task;
  }

  /** Looks at all that waits, a few at a time. */
  async #look(): Promise<void> {
    const { config, onLost, signal, clock } = this.#options;
    let since = clock.elapsed();
    while (this.#paths.size > 0 && !signal.aborted) {
      if (this.#paths.size > MOST_PATHS) {
        this.#paths.clear();
        onLost();
        break;
      }
      const paths = [...this.#paths.values().take(STEP)];
      for (const path of paths) this.#paths.delete(path);
      const seen = lookAtPaths(config().repository, paths);
      if (seen === null) onLost();
      for (let start = 0; start < (seen?.length ?? 0); start += STEP) {
        await this.#write(seen!.slice(start, start + STEP));
      }
      for (const one of seen ?? []) {
        if (one.link !== null || this.#aliases.has(one.path)) this.#links.push(one);
      }
      if (clock.elapsed() - since < LONGEST) continue;
      since = clock.elapsed();
      this.#goOn();
    }
    this.#goOn();
  }

  /** Does what waits until everything was looked at. */
  #goOn(): void {
    this.#follow(this.#links.splice(0));
    for (const file of this.#unhashed.splice(0)) this.#hash(file);
  }

  /** Writes what a few paths are now. */
  async #write(seen: readonly SeenPath[]): Promise<void> {
    const { store, config, signal, onChanged, clock: { now } } = this.#options;
    const { hashes, exclude } = config();
    const excluded = pathTest(exclude);
    const wanted = (["sha1", "sha256", "md5"] as const).filter((name) => hashes[name]);
    const known = await this.#known(seen.map(({ path }) => path));
    const changed: SourceFile[] = [];
    const removed: string[] = [];
    const excludedOnes: string[] = [];
    seen.forEach(({ path, file }, i) => {
      const before = known[i]?.file;
      if (file === null || excluded?.(path)) {
        if (before) (file === null ? removed : excludedOnes).push(path);
        return;
      }
      const same = before?.size === file.size && before.modTime === file.modTime;
      if (!same) changed.push({ ...file, sha1: "", sha256: "", md5: "", firstSeen: now() });
      const pieces = !same && hashes.pieces ? file.size >= hashes.pieces.minSize : false;
      if (pieces || wanted.some((name) => !same || !before[name])) this.#unhashed.push(file);
    });
    if (changed.length + removed.length + excludedOnes.length > 0) {
      await keepGone({ store, keepRemoved: keepRemovedOf(config()), now }, {
        changed: changed.map(({ path }) => path),
        removed,
      });
      const difference = { changed, removed: [...removed, ...excludedOnes] };
      await this.#options.beforeWrite?.(difference);
      await store.updateSource(difference, signal);
      onChanged();
    }
  }

  async #known(paths: readonly string[]): Promise<(IndexedFile | null)[]> {
    return await Promise.all(paths.map((path) => this.#options.store.lookup(path)));
  }

  #hash(file: ListedFile): void {
    const lane = this.#lanes[file.size < LARGE ? 0 : 1];
    if (lane.length < MOST_HASHES) lane.add(file);
    else this.#options.onLost();
  }

  #keep(file: SourceFile): void {
    this.#hashed.push(file);
    this.#timer ??= this.#options.clock.after(GATHER, () => {
      this.#timer = null;
      this.#after(() => this.#writeHashes());
    });
  }

  /** Writes hashes of a few files that are still what was read; the others are next. */
  async #writeHashes(): Promise<void> {
    const files = this.#hashed.splice(0, STEP);
    if (this.#hashed.length > 0) this.#after(() => this.#writeHashes());
    const known = await this.#known(files.map(({ path }) => path));
    const changed = files.filter(({ size, modTime }, i) =>
      known[i]?.file.size === size && known[i].file.modTime === modTime
    );
    if (changed.length === 0) return;
    await this.#options.store.updateSource({ changed, removed: [] }, this.#options.signal);
  }

  /** Tells of links that came, went, or lead elsewhere. */
  #follow(concerned: readonly SeenPath[]): void {
    const { config, onAliases, onLost } = this.#options;
    if (concerned.length === 0) return;
    if (this.#aliases.size > MOST_LINKS) return onLost();
    const paths = new Set([...this.#aliases.keys(), ...concerned.map(({ path }) => path)]);
    const looked = lookAtPaths(config().repository, [...paths]) ?? [];
    const aliases = new Map<string, string>();
    for (const { path, link } of looked) if (link) aliases.set(path, link);
    this.#aliases = aliases;
    onAliases(aliases);
  }
}
