import {
  type AskedFile,
  askedFiles,
  askedName,
  formatAsked,
  isOutdated,
  parseAsked,
  parseAskedName,
} from "../catalog/asked_file.ts";
import { isAsked, isUnasked } from "../catalog/is_unasked.ts";
import type { MirrorRecord } from "../catalog/mirror_state.ts";
import type { Clock } from "../clock/clock.ts";
import type { Log } from "../log/log.ts";
import { messageOf } from "../log/message_of.ts";
import { NoSuchMirrorError, type Store, type StoreChange } from "../store/store.ts";
import { AskLanes } from "./ask_lanes.ts";

/** What a mirror says of a file; `size` is `null` where it is not there, `why` then says why. */
export interface TreeAnswer {
  readonly size: number | null;
  readonly why: string;
}

/** What a {@linkcode TreeWatch} works with. */
export interface TreeWatchOptions {
  readonly store: Pick<
    Store,
    "available" | "copiesOf" | "lookup" | "mirrors" | "notes" | "updateCopies" | "watch"
  >;
  /** Whether this node asks a mirror. */
  readonly isMine: (id: number) => boolean;
  /** Asks a mirror for a file; one question after the other. */
  readonly ask: (mirror: MirrorRecord, path: string) => Promise<TreeAnswer>;
  /** A mirror that was not known to serve does: it should be checked. */
  readonly checkSoon: (id: number) => void;
  /** Has the HTTP threads look anew at what they did not know. */
  readonly lookAgain: () => void;
  readonly log: Pick<Log, "debug" | "info">;
  readonly clock: Pick<Clock, "every" | "now">;
  /** Ends everything. */
  readonly signal: AbortSignal;
}

/** Files that wait for a look at who has them; further ones are dropped. */
const MOST_WANTED = 10_000;

/** Wishes that are left to other nodes in a minute. */
const MOST_PASSED = 1_000;

/** Files that count as found on one mirror; beyond that the oldest answers are forgotten. */
const MOST_FOUND = 200_000;

/** Notes and copies that are written at once. */
const BATCH = 1_000;

/** Milliseconds between two looks for what can be asked again. */
const TICK = 60_000;

/** Of which so many pass between two looks at answers that do not hold any more. */
const SWEEP_TICKS = 10;

/**
 * Finds out what mirrors with the whole tree have, which are never scanned: for each file that somebody
 * wanted. What was found is kept as a copy, for a day; what was not is asked for again ten minutes later.
 * A note tells all nodes of each answer. In a cluster the node whose mirror it is asks, and the others
 * leave a wish.
 */
export class TreeWatch {
  readonly #options: TreeWatchOptions;
  readonly #wanted = new Set<string>();
  readonly #lanes: AskLanes;
  readonly #tasks = new Set<Promise<void>>();
  /** Mirrors of which every copy has a note. */
  readonly #settled = new Set<number>();
  #mirrors: readonly MirrorRecord[] | null = null;
  #looking = false;
  #sweeping = false;
  #passed = 0;
  #ticks = 0;

  constructor(options: TreeWatchOptions) {
    this.#options = options;
    this.#lanes = new AskLanes({
      ask: (id, path, count) => this.#askFor(id, path, count),
      track: (work) => this.#track(work),
      signal: options.signal,
    });
  }

  /** Begins; ends with the signal. */
  start(): void {
    const { store, clock, signal } = this.#options;
    if (signal.aborted) return;
    store.watch((change) => this.#take(change), signal);
    const timer = clock.every(TICK, () => this.#track(() => this.#tick()));
    signal.addEventListener("abort", () => timer[Symbol.dispose](), { once: true });
    this.#track(() => this.#tick());
  }

  /** Files of which somebody wants to know whether mirrors have them. */
  want(paths: readonly string[]): void {
    for (const path of paths) {
      if (this.#wanted.size >= MOST_WANTED) break;
      this.#wanted.add(path);
    }
    this.#look();
  }

  /** What is known of a file on the mirrors that are asked for it; who is missing was not asked yet. */
  async known(path: string): Promise<Map<number, AskedFile>> {
    const { store, clock } = this.#options;
    const ids = (await this.#asked()).map(({ id }) => id);
    if (ids.length === 0) return new Map();
    const notes = await store.notes.get("asked", ids.map((id) => askedName(id, path)));
    return askedFiles(ids, notes, clock.now());
  }

  /** Waits until nothing is done any more. */
  async settle(): Promise<void> {
    while (this.#tasks.size > 0) await Promise.all(this.#tasks);
  }

  #take(change: StoreChange): void {
    const { type } = change;
    if (type === "mirror" || type === "missed" || type === "availability") this.#mirrors = null;
    if (change.type === "notes" && change.kind === "asked") {
      this.#track(() => this.#hear(change.names));
    } else if (type === "mirror") this.#track(() => this.#sweepNew());
  }

  /** Looks, one path after the other, at which mirrors should be asked. */
  #look(): void {
    if (this.#looking || this.#wanted.size === 0) return;
    this.#looking = true;
    this.#track(async () => {
      try {
        for (const path of this.#wanted) {
          if (this.#options.signal.aborted) break;
          this.#wanted.delete(path);
          await this.#consider(path);
        }
      } finally {
        this.#looking = false;
      }
    });
  }

  async #consider(path: string): Promise<void> {
    const { store, clock, isMine } = this.#options;
    const mirrors = await this.#asked();
    if (mirrors.length === 0) return this.#wanted.clear();
    const indexed = await store.lookup(path);
    if (indexed === null) return;
    const unknown = mirrors.filter((mirror) => isUnasked(mirror, indexed));
    if (unknown.length === 0) return;
    const known = await this.known(path);
    const passed = new Map<string, string>();
    for (const { id } of unknown) {
      const { state = "found" } = known.get(id) ?? {};
      if (state === "not_found") continue;
      if (isMine(id)) this.#lanes.add(id, path);
      else if (state === "found" && this.#passed++ < MOST_PASSED) {
        const wish = { state: "wanted", time: clock.now(), why: "" } as const;
        passed.set(askedName(id, path), formatAsked(wish));
      }
    }
    await store.notes.change("asked", { put: passed });
  }

  /** Takes in what other nodes wish. */
  async #hear(names: readonly string[]): Promise<void> {
    const { store, isMine } = this.#options;
    const mine = names.filter((name) => isMine(parseAskedName(name)?.mirrorId ?? -1));
    if (mine.length === 0 || (await this.#asked()).length === 0) return;
    const notes = await store.notes.get("asked", mine);
    mine.forEach((name, i) => {
      if (parseAsked(notes[i] ?? "")?.state !== "wanted") return;
      const { mirrorId, path } = parseAskedName(name)!;
      this.#lanes.add(mirrorId, path);
    });
  }

  async #askFor(id: number, path: string, count: (found: boolean) => void): Promise<void> {
    const { store, ask, clock, log, checkSoon, signal } = this.#options;
    const mirror = (await this.#asked()).find((one) => one.id === id);
    const indexed = await store.lookup(path);
    const name = askedName(id, path);
    if (mirror === undefined || indexed === null || !isUnasked(mirror, indexed)) return;
    const { size, why } = await ask(mirror, path);
    signal.throwIfAborted();
    const { file } = indexed;
    const found = size === file.size;
    const reason = found
      ? ""
      : size === null
      ? why
      : `It has ${size} bytes in place of ${file.size}`;
    log.debug(`${mirror.name} ${found ? "has" : "lacks"} ${path}${found ? "" : `: ${reason}`}`);
    count(found);
    const state = found ? "found" : "not_found";
    const note = formatAsked({ state, time: clock.now(), why: reason });
    await store.notes.change("asked", { put: new Map([[name, note]]) });
    const had = indexed.copies.some(({ mirrorId }) => mirrorId === id);
    const { modTime } = file;
    if (found) {
      await this.#write(id, { changed: [{ path, size: file.size, modTime }], removed: [] });
      if (!mirror.httpUp && !mirror.httpsUp) checkSoon(id);
    } else if (had && size === null) await this.#write(id, { changed: [], removed: [path] });
  }

  async #write(id: number, difference: Parameters<Store["updateCopies"]>[1]): Promise<void> {
    const { store, signal } = this.#options;
    try {
      await store.updateCopies(id, difference, signal);
    } catch (error) {
      if (!(error instanceof NoSuchMirrorError)) throw error;
    }
  }

  async #tick(): Promise<void> {
    const { store, lookAgain, log } = this.#options;
    this.#passed = 0;
    if (!store.available) return;
    if ((await this.#all()).some(({ wholeTree }) => wholeTree)) lookAgain();
    for (const { id, found, missing, dropped } of this.#lanes.takeCounts()) {
      const { name = `mirror ${id}` } = (await this.#all()).find((one) => one.id === id) ?? {};
      const late = dropped === 0 ? "" : `, ${dropped} too many to be asked for`;
      log.info(`Asked ${name} for files: ${found} found, ${missing} not${late}`);
    }
    if (this.#ticks++ % SWEEP_TICKS === 0) await this.#sweep();
    else await this.#sweepNew();
  }

  /** Sweeps where mirrors came that this node did not look after before. */
  async #sweepNew(): Promise<void> {
    const asked = await this.#asked();
    const ids = new Set(asked.map(({ id }) => id));
    for (const id of this.#settled) if (!ids.has(id)) this.#settled.delete(id);
    const { isMine } = this.#options;
    if (asked.some(({ id }) => isMine(id) && !this.#settled.has(id))) await this.#sweep();
  }

  /** Forgets answers that do not hold any more, and asks for what is still wanted. */
  async #sweep(): Promise<void> {
    if (this.#sweeping) return;
    this.#sweeping = true;
    try {
      const { store, isMine, clock } = this.#options;
      const mirrors = new Map((await this.#asked()).map((mirror) => [mirror.id, mirror]));
      const removed: string[] = [];
      const found = new Map<number, Map<string, number>>();
      for (const id of mirrors.keys()) if (isMine(id)) found.set(id, new Map());
      for (const [name, note] of await store.notes.all("asked")) {
        const { mirrorId = -1, path = "" } = parseAskedName(name) ?? {};
        const asked = parseAsked(note);
        if (asked === null || !mirrors.has(mirrorId)) removed.push(name);
        else if (asked.state === "found") found.get(mirrorId)?.set(path, asked.time);
        else if (isOutdated(asked, clock.now())) removed.push(name);
        else if (asked.state === "wanted" && isMine(mirrorId)) this.#lanes.add(mirrorId, path);
      }
      await this.#removeNotes(removed);
      for (const [id, times] of found) await this.#sweepFound(id, times);
    } finally {
      this.#sweeping = false;
    }
  }

  /** @param times when each file was found */
  async #sweepFound(id: number, times: Map<string, number>): Promise<void> {
    const { store, clock } = this.#options;
    const now = clock.now();
    if (!this.#settled.has(id)) {
      // What a scan had found before counts for a day more.
      const put = new Map<string, string>();
      for await (const batch of store.copiesOf(id)) {
        for (const { path } of batch) {
          if (times.has(path)) continue;
          times.set(path, now);
          put.set(askedName(id, path), formatAsked({ state: "found", time: now, why: "" }));
        }
        await store.notes.change("asked", { put });
        put.clear();
      }
      this.#settled.add(id);
    }
    const oldest = [...times].sort((a, b) => a[1] - b[1]);
    const tooMany = oldest.length - MOST_FOUND;
    const removed = oldest
      .filter(([, time], i) => i < tooMany || isOutdated({ state: "found", time, why: "" }, now))
      .map(([path]) => path);
    for (let i = 0; i < removed.length; i += BATCH) {
      const paths = removed.slice(i, i + BATCH);
      await this.#write(id, { changed: [], removed: paths });
      await this.#removeNotes(paths.map((path) => askedName(id, path)));
    }
  }

  async #removeNotes(removed: readonly string[]): Promise<void> {
    for (let i = 0; i < removed.length; i += BATCH) {
      await this.#options.store.notes.change("asked", { removed: removed.slice(i, i + BATCH) });
    }
  }

  async #all(): Promise<readonly MirrorRecord[]> {
    return this.#mirrors ??= await this.#options.store.mirrors();
  }

  async #asked(): Promise<readonly MirrorRecord[]> {
    return (await this.#all()).filter(isAsked);
  }

  #track(work: () => Promise<void>): void {
    const { signal, log } = this.#options;
    const task = work().catch((error) => {
      if (signal.aborted) return;
      log.debug(`Cannot find out what mirrors have: ${messageOf(error)}`);
    }).finally(() => this.#tasks.delete(task));
    this.#tasks.add(task);
  }
}
