/** One state of the root of a metadata set. */
export interface SetRevision {
  /** Counts up from 1. */
  readonly number: number;
  /** Bytes of the root. */
  readonly size: number;
  /** Its time in milliseconds since the epoch; `null`: unknown. */
  readonly modTime: number | null;
  /** Of the root, lower-case hexadecimal; empty: it is too large. */
  readonly sha256: string;
  /** Since when it is the present one, in milliseconds since the epoch. */
  readonly time: number;
}

/** A version that a name had before. */
export interface FormerVersion {
  /** The first revision that it does not belong to. */
  readonly until: number;
  /** Bytes; -1: there was no such file. */
  readonly size: number;
  /** In milliseconds since the epoch; `null`: unknown. */
  readonly modTime: number | null;
}

/** What is known of one set: its revisions, oldest first, the last is the present one. */
export interface SetHistory {
  /** Oldest first, at least one. */
  readonly revisions: readonly SetRevision[];
  /** By path, oldest first; who is missing here is as in the index in every revision. */
  readonly former: ReadonlyMap<string, readonly FormerVersion[]>;
}

/** What a mirror has of a set. */
export interface SetStanding {
  /** The revision that a check saw; `null`: one that is not known here. */
  readonly seen: number | null;
  /** The revision at which everything fits together; `null`: at none. */
  readonly whole: number | null;
  /** Whether its revision goes back and forth. */
  readonly unsteady: boolean;
  /** When that was found, in milliseconds since the epoch. */
  readonly time: number;
}

/** Writes a history as a note. */
export function formatHistory({ revisions, former }: SetHistory): string {
  return JSON.stringify([
    revisions.map(({ number, size, modTime, sha256, time }) => [
      ...[number, size, modTime, sha256, time],
    ]),
    [...former].map(([path, versions]) => [
      path,
      versions.map(({ until, size, modTime }) => [until, size, modTime]),
    ]),
  ]);
}

/** Reads what {@linkcode formatHistory} wrote. @returns `null` for anything else */
export function parseHistory(text: string): SetHistory | null {
  try {
    const [revisions, former] = JSON.parse(text) as [
      [number, number, number | null, string, number][],
      [string, [number, number, number | null][]][],
    ];
    const history = {
      revisions: revisions.map(([number, size, modTime, sha256, time]) => ({
        ...{ number, size, modTime, sha256, time },
      })),
      former: new Map(
        former.map((
          [path, versions],
        ) => [path, versions.map(([until, size, modTime]) => ({ until, size, modTime }))]),
      ),
    };
    return history.revisions.length > 0 ? history : null;
  } catch {
    return null;
  }
}

/** Writes a standing as a note. */
export function formatStanding({ seen, whole, unsteady, time }: SetStanding): string {
  return JSON.stringify([seen, whole, unsteady, time]);
}

/** Reads what {@linkcode formatStanding} wrote. @returns `null` for anything else */
export function parseStanding(text: string): SetStanding | null {
  try {
    const [seen, whole, unsteady, time] = JSON.parse(text) as [
      ...[number | null, number | null, boolean, number],
    ];
    const fits = Number.isFinite(seen ?? 0) && Number.isFinite(whole ?? 0) && Number.isFinite(time);
    return fits ? { seen, whole, unsteady: unsteady === true, time } : null;
  } catch {
    return null;
  }
}

/** Name of the note that says what a mirror has of a set. */
export function standingName(mirrorId: number, root: string): string {
  return `${mirrorId} ${root}`;
}

/** Reads {@linkcode standingName}. */
export function parseStandingName(name: string): { mirrorId: number; root: string } | null {
  const [, id, root] = /^(\d+) (\/.*)$/s.exec(name) ?? [];
  return root === undefined ? null : { mirrorId: Number(id), root };
}

/**
 * Finds the version of a name that belongs to a revision.
 *
 * @param former as in {@linkcode SetHistory}; `undefined`: none
 * @param present as in the index; `null`: there is no such file
 * @param revision its number
 * @returns `null`: it belongs to no file
 */
export function versionAt(
  former: readonly FormerVersion[] | undefined,
  present: { readonly size: number; readonly modTime: number | null } | null,
  revision: number,
): { readonly size: number; readonly modTime: number | null } | null {
  const version = former?.find(({ until }) => until > revision) ?? present;
  return version === null || version.size < 0 ? null : version;
}
