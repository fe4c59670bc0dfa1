/**
 * Option of `deno run` and `deno compile` for the daemon: the most megabytes for half of a thread's
 * young objects. By V8's own limit each busy thread keeps 40 MB more, and answers no faster.
 */
export const V8_FLAGS = "--v8-flags=--max-semi-space-size=4";
