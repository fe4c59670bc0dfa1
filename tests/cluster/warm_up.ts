/** Connections for each path: that a thread of two gets none of them happens once in 10⁹ times. */
const CONNECTIONS = 30;

/**
 * Has every thread of a daemon know files: what no thread was asked for before an outage cannot be
 * answered in it. The system deals new connections out to the threads at random.
 */
export async function warmUp(address: string, paths: readonly string[]): Promise<void> {
  using client = Deno.createHttpClient({ poolMaxIdlePerHost: 0 });
  for (const path of paths) {
    await Promise.all(Array.from({ length: CONNECTIONS }, async () => {
      // A checksum, known or not, is no download.
      const response = await fetch(`http://${address}${path}?md5`, { client });
      await response.body?.cancel();
    }));
  }
}
