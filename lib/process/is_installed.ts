/** Where programs are looked for when the environment does not say. */
export const DEFAULT_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/**
 * Tells whether a program is where programs are looked for. It may still be one that Deno may not run.
 *
 * @param path directories with colons between them, as in the environment variable PATH
 * @returns also true where Deno may not look
 */
export async function isInstalled(program: string, path: string): Promise<boolean> {
  for (const directory of path.split(":")) {
    if (directory === "") continue;
    const file = `${directory}/${program}`;
    // On a terminal Deno would ask, and wait.
    if (Deno.permissions.querySync({ name: "read", path: file }).state !== "granted") return true;
    const isFile = await Deno.stat(file).then((found) => found.isFile, () => false);
    if (isFile) return true;
  }
  return false;
}
