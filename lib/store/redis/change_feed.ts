import type { SourceFile } from "../../catalog/file.ts";
import type { Clock, Timer } from "../../clock/clock.ts";
import type { Log } from "../../log/log.ts";
import { NOTE_KINDS, type NoteKind } from "../note_store.ts";
import type { StoreChange } from "../store.ts";
import type { PathsChange } from "./audience.ts";
import { CHANNELS } from "./channels.ts";

/** From so many paths on they are told at once: no change grows without bounds. */
const MOST_PATHS = 5_000;

/**
 * Turns messages into changes for listeners. A scan sends one message for each file: what comes in
 * quick succession is gathered into one change with many paths.
 */
export class ChangeFeed implements Disposable {
  readonly #watchers = new Listeners<StoreChange>();
  readonly #members = new Listeners<string>();
  readonly #mirrors = new Set<number>();
  /** What a file is now; `null`: it is gone; absent: only the store knows. */
  readonly #files = new Map<string, SourceFile | null | undefined>();
  readonly #copies = new Map<number, Set<string>>();
  readonly #notes = new Map<NoteKind, Set<string>>();
  #paths = 0;
  #timer: Timer | null = null;
  #disposed = false;

  readonly #delay: number;
  readonly #log: Log;
  readonly #clock: Pick<Clock, "after">;

  /** @param delay milliseconds for which messages are gathered */
  constructor(delay: number, log: Log, clock: Pick<Clock, "after">) {
    this.#clock = clock;
    this.#delay = delay;
    this.#log = log;
  }

  /** Calls `listener` for each change until the signal is aborted. */
  watch(listener: (change: StoreChange) => void, signal: AbortSignal): void {
    this.#watchers.add(listener, signal);
  }

  /** Calls `listener` for each message between nodes until the signal is aborted. */
  listen(listener: (message: string) => void, signal: AbortSignal): void {
    this.#members.add(listener, signal);
  }

  /** Tells a change at once, after everything gathered before it. */
  tell(change: StoreChange): void {
    this.#flush();
    this.#watchers.call(change, this.#log);
  }

  /** Takes a message from Redis; what nobody understands is dropped. */
  receive(channel: string, message: string): void {
    switch (channel) {
      case CHANNELS.cluster:
        return this.#members.call(message, this.#log);
      case CHANNELS.file:
        return this.gather({ type: "files", paths: [message] });
      case CHANNELS.mirror:
        if (!/^\d+$/.test(message)) return;
        this.#mirrors.add(Number(message));
        return this.#count(1);
      case CHANNELS.copy: {
        const [, id, path] = /^(\d+) (.*)$/s.exec(message) ?? [];
        if (path === undefined) return;
        return this.gather({ type: "copies", mirrorId: Number(id), paths: [path] });
      }
      case CHANNELS.note: {
        const [, word, name] = /^([a-z_]+) (.*)$/s.exec(message) ?? [];
        const kind = NOTE_KINDS.find((one) => one === word);
        if (kind === undefined || name === undefined) return;
        const names = this.#notes.get(kind) ?? new Set();
        this.#notes.set(kind, names.add(name));
        return this.#count(1);
      }
    }
  }

  /** Takes a change that no message came for. */
  gather(change: PathsChange): void {
    if (change.type === "files") this.#addFiles(change.paths, change.now);
    else {
      const paths = this.#pathsOf(change.mirrorId);
      for (const path of change.paths) paths.add(path);
    }
    this.#count(change.paths.length);
  }

  /** Drops what was gathered, and whatever comes yet. */
  [Symbol.dispose](): void {
    this.#disposed = true;
    this.#timer?.[Symbol.dispose]();
  }

  /** Whether a message came before or after what this node wrote cannot be told: then nobody knows. */
  #addFiles(paths: readonly string[], now?: readonly SourceFile[]): void {
    if (now === undefined) {
      for (const path of paths) this.#files.set(path, undefined);
      return;
    }
    const there = new Map(now.map((file) => [file.path, file]));
    for (const path of paths) {
      if (this.#files.get(path) === undefined && this.#files.has(path)) continue;
      this.#files.set(path, there.get(path) ?? null);
    }
  }

  #pathsOf(mirrorId: number): Set<string> {
    const paths = this.#copies.get(mirrorId) ?? new Set();
    this.#copies.set(mirrorId, paths);
    return paths;
  }

  #count(paths: number): void {
    if (this.#disposed) return;
    this.#paths += paths;
    if (this.#paths >= MOST_PATHS) this.#flush();
    else this.#timer ??= this.#clock.after(this.#delay, () => this.#flush());
  }

  #flush(): void {
    this.#timer?.[Symbol.dispose]();
    this.#timer = null;
    this.#paths = 0;
    const changes: StoreChange[] = [...this.#mirrors].map((id) => ({ type: "mirror", id }));
    for (const [kind, names] of this.#notes) {
      changes.push({ type: "notes", kind, names: [...names] });
    }
    changes.push(...filesChanges(this.#files));
    for (const [mirrorId, paths] of this.#copies) {
      changes.push({ type: "copies", mirrorId, paths: [...paths] });
    }
    this.#mirrors.clear();
    this.#notes.clear();
    this.#files.clear();
    this.#copies.clear();
    for (const change of changes) this.#watchers.call(change, this.#log);
  }
}

/** At most two: of files that are known, and of those that are not. */
function filesChanges(files: ReadonlyMap<string, SourceFile | null | undefined>): StoreChange[] {
  const known: string[] = [];
  const now: SourceFile[] = [];
  const unknown: string[] = [];
  for (const [path, file] of files) {
    (file === undefined ? unknown : known).push(path);
    if (file) now.push(file);
  }
  return [
    ...(known.length > 0 ? [{ type: "files", paths: known, now } as const] : []),
    ...(unknown.length > 0 ? [{ type: "files", paths: unknown } as const] : []),
  ];
}

/** Functions that are called until their signal is aborted. */
class Listeners<T> {
  readonly #listeners = new Set<{ readonly call: (value: T) => void }>();

  add(call: (value: T) => void, signal: AbortSignal): void {
    if (signal.aborted) return;
    const listener = { call };
    this.#listeners.add(listener);
    signal.addEventListener("abort", () => this.#listeners.delete(listener), { once: true });
  }

  /** One listener that fails does not keep the others from hearing. */
  call(value: T, log: Log): void {
    for (const { call } of [...this.#listeners]) {
      try {
        call(value);
      } catch (error) {
        log.error(
          `A listener to changes in the store failed: ${(error as Error)?.message ?? error}`,
        );
      }
    }
  }
}
