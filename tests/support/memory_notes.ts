import type { NoteChange, NoteKind, NoteStore } from "../../lib/store/note_store.ts";

/** Notes in memory. */
export class MemoryNotes implements NoteStore {
  readonly kept = new Map<string, Map<string, string>>();
  #salt: string | null = null;
  readonly #changed: (kind: NoteKind, names: readonly string[]) => void;

  /** @param changed told of what changed */
  constructor(changed: (kind: NoteKind, names: readonly string[]) => void = () => {}) {
    this.#changed = changed;
  }

  all(kind: NoteKind): Promise<Map<string, string>> {
    return Promise.resolve(new Map(this.kept.get(kind)));
  }

  get(kind: NoteKind, names: readonly string[]): Promise<(string | null)[]> {
    const kept = this.kept.get(kind);
    return Promise.resolve(names.map((name) => kept?.get(name) ?? null));
  }

  change(kind: NoteKind, { put = new Map(), removed = [] }: NoteChange): Promise<void> {
    const kept = this.kept.get(kind) ?? new Map<string, string>();
    this.kept.set(kind, kept);
    for (const [name, value] of put) kept.set(name, value);
    for (const name of removed) kept.delete(name);
    if (put.size + removed.length > 0) this.#changed(kind, [...put.keys(), ...removed]);
    return Promise.resolve();
  }

  salt(candidate: string): Promise<string> {
    return Promise.resolve(this.#salt ??= candidate);
  }
}
