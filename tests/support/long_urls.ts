/** Characters of each URL: as many as a server takes. */
const LENGTH = 16_000;

/**
 * Measures how much memory it takes to keep what is made of paths that were cut out of long URLs, as
 * the paths of requests are.
 *
 * @param count number of URLs; together they have 16 000 times as many characters
 * @param use told each path; what it keeps is what is measured
 * @returns bytes of V8's heap for each URL; some 16 000 where the URLs are kept, as V8 before version 15
 *   does unless somebody takes care
 */
export async function memoryOfPaths(
  count: number,
  use: (path: string) => unknown,
): Promise<number> {
  const query = "q".repeat(LENGTH);
  const before = Deno.memoryUsage().heapUsed;
  for (let number = 0; number < count; number++) {
    const path = `/pool/main/made-up-${number}.iso`;
    // In one piece, as the runtime makes a URL.
    const url = [path, "?", query].join("");
    await use(url.slice(0, path.length));
  }
  return (Deno.memoryUsage().heapUsed - before) / count;
}
