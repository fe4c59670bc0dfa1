import type { MirrorRecord } from "./mirror_state.ts";

/** What a mirror has of the directories of the source, as one scan found it. */
export interface CarriedTree {
  /** `lastSuccessfulSync` of that scan: with any other one it does not count. */
  readonly scan: number;
  /**
   * How many files of the source the mirror lacks below a directory, by its path with slashes on both ends;
   * {@linkcode NOTHING_THERE}: it has none of them. A directory that is missing is as the one above it.
   */
  readonly lacking: ReadonlyMap<string, number>;
}

/** Stands for a directory of which a mirror has nothing. */
export const NOTHING_THERE = -1;

/** Directories that are noted of a mirror, at most. */
export const MOST_CARRIED = 500;

/**
 * Finds how many files a mirror lacks below a directory.
 *
 * @param tree what it has
 * @param directory path with slashes on both ends
 * @returns {@linkcode NOTHING_THERE}: it has none of them
 */
export function lackingBelow({ lacking }: CarriedTree, directory: string): number {
  for (let end = directory.length;; end = directory.lastIndexOf("/", end - 2) + 1) {
    const count = lacking.get(directory.slice(0, end));
    if (count !== undefined) return count;
    // Of an empty source not even the root is noted.
    if (end <= 1) return NOTHING_THERE;
  }
}

/** Writes it for the store. */
export function formatCarriedTree({ scan, lacking }: CarriedTree): string {
  return JSON.stringify({ scan, lacking: Object.fromEntries(lacking) });
}

/** Reads what {@linkcode formatCarriedTree} wrote. @returns `null`: it is nothing of that kind */
export function parseCarriedTree(text: string): CarriedTree | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  const { scan, lacking } = (value ?? {}) as { scan?: unknown; lacking?: unknown };
  if (typeof scan !== "number" || typeof lacking !== "object" || lacking === null) return null;
  const entries = Object.entries(lacking).slice(0, MOST_CARRIED);
  if (!entries.every(([path, count]) => path.startsWith("/") && Number.isInteger(count))) {
    return null;
  }
  return { scan, lacking: new Map(entries) };
}

/**
 * Whether a mirror lacks nothing below a directory, by its last scan.
 *
 * @param mirror the mirror
 * @param tree what a scan found of it; `undefined`: nobody knows
 * @param directory path with slashes on both ends
 */
export function carriesAll(
  { lastSuccessfulSync }: Pick<MirrorRecord, "lastSuccessfulSync">,
  tree: CarriedTree | undefined,
  directory: string,
): boolean {
  if (tree === undefined || lastSuccessfulSync === null) return false;
  // Stores that are shared with the original know whole seconds.
  if (Math.floor(tree.scan / 1000) !== Math.floor(lastSuccessfulSync / 1000)) return false;
  return lackingBelow(tree, directory) === 0;
}
