import { freePort } from "./free_port.ts";
import { tempDir } from "./temp_dir.ts";
import { waitFor } from "./wait_for.ts";

/** A series with its value, as a query found it. */
export interface Found {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** A real Prometheus that scrapes some addresses every second, with an empty database. */
export class Prometheus implements AsyncDisposable {
  readonly #resources: AsyncDisposableStack;
  readonly #port: number;

  private constructor(port: number, resources: AsyncDisposableStack) {
    this.#port = port;
    this.#resources = resources;
  }

  /** Starts one. @param targets `host:port` */
  static async start(targets: readonly string[]): Promise<Prometheus> {
    await using stack = new AsyncDisposableStack();
    const directory = stack.use(await tempDir("mirrorbits-prometheus-")).path;
    const port = freePort();
    const config = {
      global: { scrape_interval: "1s", scrape_timeout: "1s" },
      scrape_configs: [{ job_name: "mirrorbits", static_configs: [{ targets }] }],
    };
    const file = `${directory}/prometheus.yml`;
    await Deno.writeTextFile(file, JSON.stringify(config));
    const child = new Deno.Command("prometheus", {
      args: [
        `--config.file=${file}`,
        `--storage.tsdb.path=${directory}/data`,
        `--web.listen-address=127.0.0.1:${port}`,
      ],
      cwd: directory,
      stdin: "null",
      stdout: "null",
      stderr: "null",
    }).spawn();
    stack.defer(async () => {
      try {
        child.kill("SIGKILL");
      } catch {
        // It ended by itself.
      }
      await child.status;
    });
    await waitFor(async () => {
      try {
        const response = await fetch(`http://127.0.0.1:${port}/-/ready`);
        await response.body?.cancel();
        return response.ok;
      } catch {
        return false;
      }
    }, { what: "Prometheus to be ready", every: 100 });
    return new Prometheus(port, stack.move());
  }

  /** Asks. @throws Error when it does not understand the query */
  async query(query: string): Promise<Found[]> {
    const url = new URL(`http://127.0.0.1:${this.#port}/api/v1/query`);
    url.searchParams.set("query", query);
    const answer = await (await fetch(url)).json();
    if (answer.status !== "success") throw new Error(`${query}: ${answer.error}`);
    return answer.data.result.map((
      one: { metric: Record<string, string>; value: [number, string] },
    ) => ({ labels: one.metric, value: Number(one.value[1]) }));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#resources.disposeAsync();
  }
}

/** Runs promtool. @returns its exit code and what it said */
export async function promtool(...args: string[]): Promise<{ code: number; said: string }> {
  const { code, stdout, stderr } = await new Deno.Command("promtool", { args }).output();
  const decoder = new TextDecoder();
  return { code, said: decoder.decode(stdout) + decoder.decode(stderr) };
}
