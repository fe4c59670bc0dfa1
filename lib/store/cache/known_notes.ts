import type { NoteKind } from "../note_store.ts";
import type { NotesChanged } from "./note_watch.ts";

const NONE: ReadonlyMap<string, string> = new Map();

/** What was told of notes, put together. */
export class KnownNotes {
  readonly #kinds = new Map<NoteKind, Map<string, string>>();

  /** Takes a message in. @returns every note of its kind now */
  take({ kind, fresh, put, removed }: NotesChanged): ReadonlyMap<string, string> {
    const known = (fresh ? undefined : this.#kinds.get(kind)) ?? new Map<string, string>();
    this.#kinds.set(kind, known);
    for (const [name, value] of put) known.set(name, value);
    for (const name of removed) known.delete(name);
    return known;
  }

  /** The notes of a kind. */
  of(kind: NoteKind): ReadonlyMap<string, string> {
    return this.#kinds.get(kind) ?? NONE;
  }

  /** Every kind with its notes. */
  all(): Iterable<[NoteKind, ReadonlyMap<string, string>]> {
    return this.#kinds;
  }
}
