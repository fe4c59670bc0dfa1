/** What Deno says when it does not allow something: the permission, and what for. */
const DENIED = /^Requires (\w+) access(?: to "(.*)")?,/;

/**
 * Says what went wrong. What Deno does not allow ends with what to do: the flag to add, or, in the
 * executable, which gave up at start what it did not need, to start it again.
 *
 * @param error whatever was thrown
 */
export function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (!(error instanceof Deno.errors.NotCapable)) return error.message;
  const [, name, what] = DENIED.exec(error.message) ?? [];
  if (name === undefined) return error.message;
  const remedy = Deno.build.standalone
    ? "start the program again, which gave up what it did not need"
    : `start with --allow-${name}${what === undefined ? "" : `=${what.replaceAll(",", ",,")}`}`;
  return `Deno does not allow it: ${remedy}`;
}
