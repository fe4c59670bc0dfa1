/**
 * Holds connections that take a file slowly. Arguments: address, path, how many. Prints a line once all of them
 * get something; ends with its standard input.
 *
 * @module
 */

/** Bytes that a reader takes at once. */
const PART = 16 * 1024;

/** Milliseconds between two parts: each takes 64 kB a second. */
const PACE = 250;

const [address = "", path = "", count = "0"] = Deno.args;
const [hostname = "", port = ""] = address.split(":");
const request = new TextEncoder().encode(`GET ${path} HTTP/1.1\r\nHost: ${address}\r\n\r\n`);

async function read(begun: () => void): Promise<void> {
  while (true) {
    using connection = await Deno.connect({ hostname, port: Number(port) });
    await connection.write(request);
    const part = new Uint8Array(PART);
    let first = true;
    while (await connection.read(part) !== null) {
      if (first && new TextDecoder().decode(part.subarray(0, 12)) !== "HTTP/1.1 200") break;
      if (first) begun();
      first = false;
      await new Promise((resolve) => setTimeout(resolve, PACE));
    }
  }
}

let waiting = Number(count);
await new Promise<void>((resolve) => {
  for (let i = 0; i < Number(count); i++) {
    void read(() => {
      if (--waiting === 0) resolve();
    });
  }
});
Deno.stdout.writeSync(new TextEncoder().encode("all\n"));
for await (const _ of Deno.stdin.readable);
Deno.exit();
