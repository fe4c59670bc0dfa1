/** What {@linkcode listDirectories} takes. */
export interface ListDirectoriesOptions {
  /** Absolute path. */
  readonly root: string;
  /** How many directories there may be. */
  readonly maximum: number;
  /** Called now and then, so that others have their turn. */
  readonly pause: () => Promise<void>;
}

/** Directories between two pauses. */
const STEP = 100;

/**
 * Finds every directory below one, itself included. Symbolic links are not followed. What cannot be
 * read, or vanishes meanwhile, is left out: it could not be watched, and all the others not with it.
 *
 * @returns absolute paths; `null` when there are too many
 * @throws one of Deno's errors when the root itself cannot be read
 */
export async function listDirectories(
  { root, maximum, pause }: ListDirectoriesOptions,
): Promise<string[] | null> {
  const found: string[] = [];
  const waiting = [root];
  let looked = 0;
  for (let directory; (directory = waiting.pop()) !== undefined;) {
    if (++looked % STEP === 0) await pause();
    try {
      for (const { name, isDirectory } of Deno.readDirSync(directory)) {
        if (isDirectory) waiting.push(`${directory}/${name}`);
      }
    } catch (error) {
      if (directory === root) throw error;
      continue;
    }
    if (found.push(directory) + waiting.length > maximum) return null;
  }
  return found;
}
