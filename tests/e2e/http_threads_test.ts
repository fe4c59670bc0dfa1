import { assertEquals, assertMatch, assertRejects } from "@std/assert";
import { Daemon } from "../support/daemon.ts";
import { freePort } from "../support/free_port.ts";
import { tempDir } from "../support/temp_dir.ts";
import { waitFor } from "../support/wait_for.ts";
import { writeFile } from "./sample.ts";

const FALLBACK = "http://fallback.example/";

/** A daemon with one file and a fallback. */
async function start(
  directory: string,
  config: Readonly<Record<string, unknown>> = {},
): Promise<Daemon> {
  await writeFile(`${directory}/repository`, "/file.bin");
  const daemon = new Daemon({
    directory,
    args: ["-debug"],
    config: {
      Repository: `${directory}/repository`,
      Fallbacks: [{ URL: FALLBACK, CountryCode: "", ContinentCode: "" }],
      ...config,
    },
  });
  await daemon.start();
  return daemon;
}

/** Asks over and over, each time on a new connection, until it is told to stop. */
class Visitor {
  asked = 0;
  readonly failures: string[] = [];
  #stopped = false;
  readonly #running: Promise<unknown>;

  constructor(address: string) {
    this.#running = Promise.all(Array.from({ length: 4 }, () => this.#run(address)));
  }

  async #run(address: string): Promise<void> {
    while (!this.#stopped) {
      const [hostname, port] = address.split(":") as [string, string];
      this.asked++;
      try {
        using connection = await Deno.connect({ hostname, port: Number(port) });
        await connection.write(
          new TextEncoder().encode(
            "GET /file.bin HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
          ),
        );
        const answer = await new Response(connection.readable).text();
        if (!answer.startsWith("HTTP/1.1 302 ")) this.failures.push(answer.slice(0, 100));
      } catch (error) {
        this.failures.push(String(error));
      }
    }
  }

  /** Stops asking, and tells what went wrong. */
  async stop(): Promise<readonly string[]> {
    this.#stopped = true;
    await this.#running;
    return this.failures;
  }
}

Deno.test("the number of threads changes without a failed request, and the address too", async () => {
  await using directory = await tempDir();
  await using daemon = await start(directory.path, { Workers: 2 });
  await waitFor(() => / Listening on \S+ with 2 threads/.test(daemon.log), { what: "the threads" });
  let reloads = 0;
  const reload = async (config: Readonly<Record<string, unknown>>): Promise<void> => {
    daemon.configure(config);
    daemon.signal("SIGHUP");
    reloads++;
    await waitFor(() => daemon.log.split("Configuration reloaded").length > reloads, {
      what: "the reload",
    });
  };
  const visitor = new Visitor(daemon.address);
  for (const Workers of [4, 1, 0, 3]) {
    await reload({ Workers });
    const { asked } = visitor;
    await waitFor(() => visitor.asked > asked + 200, { what: "visits after the reload" });
  }
  assertEquals(await visitor.stop(), []);
  await waitFor(() => daemon.log.split("An HTTP thread that was not wanted").length === 1 + 6, {
    what: "the surplus threads to end",
  });
  const port = freePort();
  await reload({ Workers: 3, ListenAddress: `127.0.0.1:${port}` });
  const there = new Visitor(`127.0.0.1:${port}`);
  await waitFor(() => there.asked > 50, { what: "visits at the new address" });
  assertEquals(await there.stop(), []);
  await waitFor(() => fetch(`http://${daemon.address}/file.bin`).then(() => false, () => true), {
    what: "the old address to be closed",
  });
});

Deno.test("a second daemon does not get a part of the first one's requests", async () => {
  await using directory = await tempDir();
  await using other = await tempDir();
  await using daemon = await start(directory.path);
  await using second = new Daemon({
    directory: other.path,
    config: { Repository: other.path, ListenAddress: daemon.address },
  });
  const error = await assertRejects(() => second.start(), Error);
  assertMatch(error.message, /Cannot listen on \S+: the address is in use/);
});
