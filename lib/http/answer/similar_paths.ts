import type { AnswerContext } from "./answer_context.ts";
import { nearestNames } from "./nearest_names.ts";

/** Searches that run at once in a thread; who comes then is shown none. */
const MOST_SEARCHES = 2;

/** Paths that are shown. */
const MOST_SHOWN = 5;

/** Entries of a directory that are looked at. */
const MOST_ENTRIES = 5_000;

/** Paths that are looked up in the index for one search. */
const MOST_LOOKUPS = 60;

/** How far up directories are replaced by those beside them. */
const MOST_LEVELS = 3;

/** Longer paths are not searched for. */
const LONGEST_PATH = 1_000;

let searches = 0;

/** What there is around a path that is not there. */
export interface Surroundings {
  /** Decoded paths of files that are like it, the likeliest first. */
  readonly similar: readonly string[];
  /** The nearest directory above that is there, with a slash at its end; `null`: nobody looked, or none near. */
  readonly above: string | null;
}

const NOTHING: Surroundings = { similar: [], above: null };

type Where = Pick<AnswerContext, "finder" | "directories" | "state">;

/**
 * Finds what somebody may have meant who asked for a path that is not there: files with nearly the same name
 * beside it, and the same file in a directory beside its own (`/1.2/a.iso` for `/1.1/a.iso`). Everything that
 * it gives is in the index. It looks at a few directories and asks for a few dozen paths at most, and gives
 * up when others search already.
 *
 * @param context where to look
 * @param path decoded, clean path that is not there
 */
export async function similarPaths(context: Where, path: string): Promise<Surroundings> {
  if (searches >= MOST_SEARCHES || path.length > LONGEST_PATH) return NOTHING;
  searches++;
  try {
    return await search(context, path);
  } catch {
    // A disk or a store that fails has no suggestions; what was asked for is answered all the same.
    return NOTHING;
  } finally {
    searches--;
  }
}

async function search({ finder, directories, state }: Where, path: string): Promise<Surroundings> {
  const segments = path.split("/").slice(1);
  const found: string[] = [];
  let lookups = 0;
  const lookUp = async (candidate: string): Promise<void> => {
    if (found.length >= MOST_SHOWN || lookups >= MOST_LOOKUPS || found.includes(candidate)) return;
    lookups++;
    const indexed = await finder.findIndexed(candidate);
    if (indexed !== null) found.push(candidate);
  };
  let nearest: string | null = null;
  const namesIn = async (directory: string, type: "file" | "directory"): Promise<string[]> => {
    if (directory !== "" && state.excluded?.(directory)) return [];
    const listed = await directories.list(directory || "/").catch(() => []);
    const entries = listed.slice(0, MOST_ENTRIES).filter(({ name, path }) =>
      !state.excluded?.(`${directory}/${name}`) && !state.excluded?.(path)
    );
    // What is not there has no entries, nor has a link to what is as if it were not there.
    if (entries.length > 0) nearest ??= `${directory}/`;
    return entries
      .filter((entry) => entry.type === type && !entry.name.startsWith("."))
      .map(({ name }) => name);
  };
  const last = segments.length - 1;
  for (let level = last; level >= Math.max(0, last - MOST_LEVELS); level--) {
    const above = segments.slice(0, level).map((name) => `/${name}`).join("");
    const below = segments.slice(level + 1).map((name) => `/${name}`).join("");
    const names = await namesIn(above, level === last ? "file" : "directory");
    // Of a directory any other may have the file; of a file only names that are alike are worth a look.
    for (const name of nearestNames(segments[level]!, names, level !== last)) {
      await lookUp(`${above}/${name}${below}`);
    }
  }
  return { similar: found, above: nearest };
}
