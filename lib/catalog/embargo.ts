import type { SourceFile } from "./file.ts";

/** Versions that wait for mirrors, as the operator describes them. */
export interface EmbargoRule {
  /** Holds for every path that begins so. */
  readonly prefix: string;
  /** How many mirrors have to have a version. */
  readonly mirrors: number;
  /** Minutes after which it is over in any case. */
  readonly minutes: number;
}

/** A version of a file that waits for mirrors. */
export interface Embargo {
  readonly size: number;
  /** `null`: unknown. */
  readonly modTime: number | null;
  /** When it is over in any case, in milliseconds since the epoch. */
  readonly until: number;
}

/** Files that wait at once, at most; further ones do not. */
export const MOST_EMBARGOS = 1000;

/** Writes it for the store. */
export function formatEmbargo({ size, modTime, until }: Embargo): string {
  return JSON.stringify({ size, modTime, until });
}

/** Reads what {@linkcode formatEmbargo} wrote. @returns `null`: it is nothing of that kind */
export function parseEmbargo(text: string): Embargo | null {
  try {
    const { size, modTime, until } = JSON.parse(text) as Readonly<Record<string, unknown>>;
    if (typeof size !== "number" || typeof until !== "number") return null;
    return { size, modTime: typeof modTime === "number" ? modTime : null, until };
  } catch {
    return null;
  }
}

/**
 * Whether a file waits for mirrors now.
 *
 * @param embargo what is noted of its path
 * @param file as in the index: another version does not wait
 * @param now milliseconds since the epoch
 */
export function isEmbargoed(
  embargo: Embargo | undefined,
  { size, modTime }: Pick<SourceFile, "modTime" | "size">,
  now: number,
): boolean {
  return embargo !== undefined && now < embargo.until && embargo.size === size &&
    (embargo.modTime === modTime || modTime === null || embargo.modTime === null);
}
