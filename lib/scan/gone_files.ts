import { formatGone, goneTime } from "../catalog/gone_file.ts";
import type { Store } from "../store/store.ts";

/** Files that left the source of which something is kept, at most: of more, the oldest are forgotten. */
export const MOST_GONE = 100_000;

/** Files that are looked up at once. */
const STEP = 200;

const MINUTE = 60_000;

/** What {@linkcode keepGone} works with. */
export interface GoneOptions {
  readonly store: Pick<Store, "lookup" | "notes">;
  /** Minutes for which files that left stay answerable; 0: not at all. */
  readonly keepRemoved: number;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

/**
 * Notes what is about to leave the index, and forgets what is there again. To be called before the index is
 * written, so that nobody finds neither.
 *
 * @param difference what is about to be written
 */
export async function keepGone(
  { store, keepRemoved, now }: GoneOptions,
  { changed, removed }: {
    readonly changed: readonly string[];
    readonly removed: readonly string[];
  },
): Promise<void> {
  if (keepRemoved === 0) return;
  for (let start = 0; start < removed.length && start < MOST_GONE; start += STEP) {
    const paths = removed.slice(start, start + STEP);
    const known = await Promise.all(paths.map((path) => store.lookup(path)));
    const time = now();
    const put = new Map<string, string>();
    for (const found of known) if (found) put.set(found.file.path, formatGone(found.file, time));
    await store.notes.change("gone", { put });
  }
  for (let start = 0; start < changed.length; start += STEP) {
    const paths = changed.slice(start, start + STEP);
    const kept = await store.notes.get("gone", paths);
    await store.notes.change("gone", {
      removed: paths.filter((_, i) => typeof kept[i] === "string"),
    });
  }
}

/**
 * Forgets files that left the source long ago, and those that are too many.
 *
 * @param notes where they are noted
 * @param keepRemoved minutes for which they stay
 * @param now milliseconds since the epoch
 * @returns how many were forgotten
 */
export async function sweepGone(
  notes: Store["notes"],
  keepRemoved: number,
  now: number,
): Promise<number> {
  const kept = [...await notes.all("gone")]
    .map(([path, text]) => ({ path, time: goneTime(text) ?? -Infinity }))
    .sort((a, b) => b.time - a.time);
  const oldest = now - keepRemoved * MINUTE;
  const removed = kept.filter(({ time }, i) =>
    i >= MOST_GONE || time <= oldest || time > now + MINUTE
  )
    .map(({ path }) => path);
  await notes.change("gone", { removed });
  return removed.length;
}
