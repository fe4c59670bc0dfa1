/**
 * What notes are about. `gone`: paths that left the source; `set`: revisions of metadata sets;
 * `set_mirror`: what mirrors have of them; `require`: sets of which only the present revision counts;
 * `carried`: what mirrors have of directories, by their ID;
 * `hold`: paths that are held back, and for whom not;
 * `embargo`: versions that wait for mirrors; `latest`: which file a path of `Latest` stands for;
 * `rollout`: how watched paths reached mirrors;
 * `asked`: files that mirrors with the whole tree are asked for one by one, and what came of it.
 */
export const NOTE_KINDS = [
  "gone",
  "set",
  "set_mirror",
  "require",
  "carried",
  "hold",
  "embargo",
  "rollout",
  "latest",
  "asked",
] as const;

/** One of {@linkcode NOTE_KINDS}. */
export type NoteKind = typeof NOTE_KINDS[number];

/** A change of notes of one kind. */
export interface NoteChange {
  /** Notes to keep, by their name; one that is kept already is replaced. */
  readonly put?: ReadonlyMap<string, string>;
  /** Names of notes that are no longer kept. */
  readonly removed?: readonly string[];
}

/**
 * Port: small facts that all nodes share, as whoever wrote them reads them. Whoever writes sees to it that
 * they stay few. Methods may throw `StoreUnavailableError`.
 */
export interface NoteStore {
  /** Every note of a kind, by its name. */
  all(kind: NoteKind): Promise<Map<string, string>>;
  /** Some notes of a kind, in the same order; `null`: there is none. */
  get(kind: NoteKind, names: readonly string[]): Promise<(string | null)[]>;
  /** Makes a change, and tells every node. Nothing happens where it is empty. */
  change(kind: NoteKind, change: NoteChange): Promise<void>;
  /**
   * The random bytes that all nodes draw by, in hexadecimal.
   *
   * @param candidate is kept where there are none yet
   * @returns those that are kept
   */
  salt(candidate: string): Promise<string>;
}
