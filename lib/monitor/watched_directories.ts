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
 * read, or vanishes meanwhile, has nothing below it.
 *
 * @returns absolute paths; `null` when there are too many
 * @throws one of Deno's errors when the root itself cannot be read
 */
export async function listDirectories(
  { root, maximum, pause }: ListDirectoriesOptions,
): Promise<string[] | null> {
  const found = [root];
  for (let next = 0; next < found.length; next++) {
    if (next % STEP === STEP - 1) await pause();
    const directory = found[next]!;
    try {
      for (const { name, isDirectory } of Deno.readDirSync(directory)) {
        if (!isDirectory) continue;
        if (found.push(`${directory}/${name}`) > maximum) return null;
      }
    } catch (error) {
      if (next === 0) throw error;
    }
  }
  return found;
}
