/**
 * Option of `deno run` and `deno compile` for the daemon.
 *
 * The first two are the most megabytes for half of a thread's young objects, and by how many percent all
 * its objects grow before V8 looks for those that nobody needs any more. By V8's own limits each busy
 * thread keeps some 60 MB more, and answers no faster.
 *
 * The last one keeps V8 from taking objects for long-lived ones because those of the first requests had
 * to wait for the store: each request would leave garbage that only a long pause clears away.
 */
export const V8_FLAGS = "--v8-flags=--max-semi-space-size=1,--heap-growing-percent=50," +
  "--no-allocation-site-pretenuring";
