import type { NoteKind } from "../note_store.ts";
import type { Store, StoreChange } from "../store.ts";

/** Notes that came, changed or went. */
export interface NotesChanged {
  readonly kind: NoteKind;
  /** Whether these are all there are, so that others are gone. */
  readonly fresh: boolean;
  readonly put: ReadonlyMap<string, string>;
  readonly removed: readonly string[];
}

/** What a {@linkcode NoteWatch} works with. */
export interface NoteWatchOptions {
  readonly store: Pick<Store, "notes" | "watch">;
  /** Which notes. */
  readonly kinds: readonly NoteKind[];
  /** Told of them: all at first, then what changes. */
  readonly changed: (change: NotesChanged) => void;
  /** Told why notes cannot be read; they are once the store is back. */
  readonly failed: (error: unknown) => void;
}

/** Follows notes of some kinds, whoever writes them. */
export class NoteWatch {
  readonly #options: NoteWatchOptions;
  readonly #stale = new Set<NoteKind>();
  readonly #names = new Map<NoteKind, Set<string>>();
  #running: Promise<void> | null = null;

  constructor(options: NoteWatchOptions) {
    this.#options = options;
    for (const kind of options.kinds) this.#stale.add(kind);
  }

  /** Begins, until the signal is aborted. @returns when all were told, or could not be read */
  start(signal: AbortSignal): Promise<void> {
    this.#options.store.watch((change) => this.#take(change), signal);
    return this.#run();
  }

  #take(change: StoreChange): void {
    const { kinds } = this.#options;
    if (change.type === "notes") {
      if (!kinds.includes(change.kind)) return;
      const names = this.#names.get(change.kind) ?? new Set();
      this.#names.set(change.kind, names);
      for (const name of change.names) names.add(name);
    } else if (change.type === "missed" || (change.type === "availability" && change.available)) {
      for (const kind of kinds) this.#stale.add(kind);
    } else return;
    this.#run();
  }

  #run(): Promise<void> {
    this.#running ??= this.#readAll().then((complete) => {
      this.#running = null;
      if (complete && this.#stale.size + this.#names.size > 0) this.#run();
    });
    return this.#running;
  }

  /** @returns whether the store answered */
  async #readAll(): Promise<boolean> {
    const { store, changed, failed } = this.#options;
    try {
      for (const kind of this.#stale) {
        this.#names.delete(kind);
        const put = await store.notes.all(kind);
        this.#stale.delete(kind);
        changed({ kind, fresh: true, put, removed: [] });
      }
      for (const [kind, names] of this.#names) {
        const list = [...names];
        this.#names.delete(kind);
        // What cannot be read now is read anew when the store is back.
        this.#stale.add(kind);
        const values = await store.notes.get(kind, list);
        this.#stale.delete(kind);
        const put = new Map<string, string>();
        list.forEach((name, i) => {
          const value = values[i];
          if (typeof value === "string") put.set(name, value);
        });
        changed({ kind, fresh: false, put, removed: list.filter((name) => !put.has(name)) });
      }
      return true;
    } catch (error) {
      failed(error);
      return false;
    }
  }
}
