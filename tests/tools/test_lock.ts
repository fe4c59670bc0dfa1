/**
 * The lock file of the tests. That of the program has nothing that only they need, since Deno fetches
 * everything that the lock file names before it runs anything.
 */
export const WITH_TEST_LOCK = `--lock=${new URL("../deno.lock", import.meta.url).pathname}`;
