/** What is known of one file on a mirror that is never scanned. */
export interface AskedFile {
  /** `wanted`: somebody wants to know, and nobody has asked yet. */
  readonly state: "wanted" | "found" | "not_found";
  /** Since when, in milliseconds since the epoch. */
  readonly time: number;
  /** Why it counts as not there; empty unless it does. */
  readonly why: string;
}

/** Milliseconds for which an answer holds. */
export const ANSWER_HOLDS = {
  wanted: 60_000,
  found: 24 * 60 * 60_000,
  not_found: 10 * 60_000,
} as const satisfies Record<AskedFile["state"], number>;

const STATES = { w: "wanted", f: "found", n: "not_found" } as const;

/** Letters of a reason that are kept. */
const LONGEST = 200;

/**
 * Names the note of a file on a mirror.
 *
 * @param path with a leading slash
 */
export function askedName(mirrorId: number, path: string): string {
  return `${mirrorId} ${path}`;
}

/** Reads what {@linkcode askedName} wrote. @returns `null` for anything else */
export function parseAskedName(name: string): { mirrorId: number; path: string } | null {
  const [, id, path] = /^([1-9]\d{0,15}) (\/.*)$/s.exec(name) ?? [];
  return id === undefined ? null : { mirrorId: Number(id), path: path! };
}

/** Writes what is known of a file as a note. */
export function formatAsked({ state, time, why }: AskedFile): string {
  return `${state.charAt(0)}${time}${why === "" ? "" : ` ${why.slice(0, LONGEST)}`}`;
}

/** Reads what {@linkcode formatAsked} wrote. @returns `null` for anything else */
export function parseAsked(text: string): AskedFile | null {
  const [, state, time, why = ""] = /^([wfn])(\d{1,16})(?: (.*))?$/s.exec(text) ?? [];
  if (state === undefined) return null;
  return { state: STATES[state as keyof typeof STATES], time: Number(time), why };
}

/**
 * Reads what is known of a file on mirrors.
 *
 * @param ids of the mirrors
 * @param notes of each, in the same order; `null`: there is none
 * @param now milliseconds since the epoch
 * @returns by mirror ID; who is missing was not asked yet
 */
export function askedFiles(
  ids: readonly number[],
  notes: readonly (string | null)[],
  now: number,
): Map<number, AskedFile> {
  const known = new Map<number, AskedFile>();
  ids.forEach((id, i) => {
    const asked = parseAsked(notes[i] ?? "");
    if (asked !== null && !isOutdated(asked, now)) known.set(id, asked);
  });
  return known;
}

/** Whether an answer holds no more; one from the future is from a clock that was set back. */
export function isOutdated({ state, time }: AskedFile, now: number): boolean {
  return now - time >= ANSWER_HOLDS[state] || time > now + ANSWER_HOLDS.wanted;
}
