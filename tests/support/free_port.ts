/** Linux gives outgoing connections ports from 32 768 on; `fetch` refuses 10 080. */
const [FIRST, LAST] = [10_100, 32_767];

/**
 * A TCP port on 127.0.0.1 that nobody listens on now. It is one that no outgoing connection gets, which
 * could otherwise have it before the program that it is meant for.
 */
export function freePort(): number {
  for (let attempt = 0; attempt < 100; attempt++) {
    const port = FIRST + Math.floor(Math.random() * (LAST - FIRST + 1));
    try {
      using _listener = Deno.listen({ hostname: "127.0.0.1", port });
      return port;
    } catch (error) {
      if (!(error instanceof Deno.errors.AddrInUse)) throw error;
    }
  }
  throw new Error("There is no free port");
}
