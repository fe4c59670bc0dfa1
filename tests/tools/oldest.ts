/**
 * The oldest Deno that runs the program: what does not need a whole daemon is tested with it, too.
 *
 * @module
 */

/** Its npm package. */
const PACKAGE = "deno@2.5.7";

/** Tests of one part at a time, and the contracts of the stores and listers. */
export const OLDEST_TESTS: readonly string[] = [
  ...["catalog", "cli", "config", "control", "geo", "geoip", "http", "log", "monitor", "net"],
  ...["process", "scan", "selection", "stats", "store", "upgrade"],
].map((room) => `tests/${room}`);

/**
 * Finds the oldest Deno, which npx fetches where it is not there yet. It is never required: where there
 * is no npx or no registry, that is said.
 *
 * @param say told why there is none
 * @returns the command that runs it; `null`: there is none
 */
export async function findOldest(
  say: (message: string) => void,
): Promise<readonly [string, ...string[]] | null> {
  const command = ["npx", "-y", PACKAGE] as const;
  const [program, ...args] = command;
  try {
    const { success, stdout, stderr } = await new Deno.Command(program, {
      args: [...args, "--version"],
      stdin: "null",
    }).output();
    const decoder = new TextDecoder();
    if (!success) throw new Error(decoder.decode(stderr).trim().split("\n")[0] || "npx failed");
    say(`Testing with ${decoder.decode(stdout).split(" (")[0]}, the oldest that is supported`);
    return command;
  } catch (error) {
    const why = error instanceof Deno.errors.NotFound
      ? "there is no npx"
      : (error as Error).message;
    say(`Not tested with the oldest supported Deno, ${PACKAGE}: ${why}`);
    return null;
  }
}
