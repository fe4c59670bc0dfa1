import type { NoteKind } from "../../store/note_store.ts";
import type { ControlMessage } from "./messages.ts";

type NotesMessage = Extract<ControlMessage<never>, { type: "notes" }>;

const NONE: ReadonlyMap<string, string> = new Map();

/** What was told of notes, put together. */
export class KnownNotes {
  readonly #kinds = new Map<NoteKind, Map<string, string>>();

  /** Takes a message in. @returns every note of its kind now */
  take({ kind, fresh, put, removed }: NotesMessage): ReadonlyMap<string, string> {
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
