/** Exit values of rsync (rsync(1), EXIT VALUES) in its own words. */
const WORDS: Readonly<Record<number, string>> = {
  1: "Syntax or usage error",
  2: "Protocol incompatibility",
  3: "Errors selecting input/output files, dirs",
  4: "Requested action not supported",
  5: "Error starting client-server protocol",
  10: "Error in socket I/O",
  11: "Error in file I/O",
  12: "Error in rsync protocol data stream",
  13: "Errors with program diagnostics",
  14: "Error in IPC code",
  20: "Received SIGUSR1 or SIGINT",
  21: "Some error returned by waitpid()",
  22: "Error allocating core memory buffers",
  30: "Timeout in data send/receive",
  35: "Timeout waiting for daemon connection",
};

/** Exit values after which the listing can be used: partial, and files that vanished meanwhile. */
const USABLE: ReadonlySet<number> = new Set([0, 23, 24]);

/** Where the exit value says too little, what rsync wrote first says more. */
const TERSE: ReadonlySet<number> = new Set([1, 2, 5, 10, 12, 13, 14]);

/** Lines of rsync that only repeat its exit value. */
const SUMMARY = /^rsync (?:error|warning): /;

/**
 * Says what an exit value of rsync means.
 *
 * @param code exit value
 * @param stderr what rsync wrote, line by line
 * @returns `null` when the listing can be used; else a sentence for the operator
 */
export function rsyncFailure(code: number, stderr: readonly string[]): string | null {
  if (USABLE.has(code)) return null;
  const words = WORDS[code] ?? `Exit status ${code}`;
  const detail = rsyncComplaints(stderr)[0];
  return detail !== undefined && (TERSE.has(code) || !(code in WORDS))
    ? `rsync: ${words} (${detail})`
    : `rsync: ${words}`;
}

/**
 * Says that a listing is so partial that nothing is left of it.
 *
 * @param complaints as {@linkcode rsyncComplaints} gives them
 */
export function rsyncPartial(complaints: readonly string[]): string {
  const detail = complaints[0];
  return `rsync: Nothing could be listed${detail === undefined ? "" : ` (${detail})`}`;
}

/**
 * The lines of rsync that tell something.
 *
 * @param stderr what rsync wrote, line by line
 * @returns the lines, without `@ERROR: ` and `rsync: ` in front
 */
export function rsyncComplaints(stderr: readonly string[]): string[] {
  return stderr
    .map((line) => line.trim())
    .filter((line) => line !== "" && !SUMMARY.test(line))
    .map((line) => line.replace(/^(?:@ERROR|rsync): /, ""));
}
