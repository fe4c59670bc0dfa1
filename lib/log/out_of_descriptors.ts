/** What the system says when a process, or the whole machine, has no file descriptor left. */
const NO_DESCRIPTOR = /^E[MN]FILE\b|Too many open files(?: in system)? \(os error \d+\)/;

/**
 * Whether something failed for want of a file descriptor: that says nothing about the mirror, the store
 * or the file that it was for.
 *
 * @param error whatever was thrown, with what caused it; or the text of it
 */
export function isOutOfDescriptors(error: unknown): boolean {
  let cause = error;
  // Errors may name each other in a circle.
  for (let depth = 0; depth < 8 && cause instanceof Error; depth++) {
    if (NO_DESCRIPTOR.test(cause.message)) return true;
    cause = cause.cause;
  }
  return typeof cause === "string" && NO_DESCRIPTOR.test(cause);
}
