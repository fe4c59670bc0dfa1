/** Microseconds from which on Redis is told to remember a command. */
const THRESHOLD = 500;

/** Milliseconds that no command should take. */
const LIMIT = 5;

/** Which commands of a Redis took long, those of scripts included. */
export class SlowCommands {
  private constructor(private readonly port: number) {}

  /** Has a server on 127.0.0.1 remember them from now on. */
  static async start(port: number): Promise<SlowCommands> {
    const slow = new SlowCommands(port);
    await slow.#run("config", "set", "slowlog-log-slower-than", `${THRESHOLD}`);
    await slow.#run("config", "set", "slowlog-max-len", "1000000");
    return slow;
  }

  /** Forgets those so far. */
  async reset(): Promise<void> {
    await this.#run("slowlog", "reset");
  }

  /** The longest command, and what is usual: the longest is often one that had to wait for a core. */
  async longest(): Promise<string> {
    const lines = (await this.#run("--json", "slowlog", "get", "-1")).trim();
    const entries = JSON.parse(lines) as [number, number, number, string[]][];
    const times = entries.filter(([, , , [name]]) => name !== "slowlog")
      .map(([, , microseconds]) => microseconds / 1000).sort((a, b) => b - a);
    if (times.length === 0) return `below ${THRESHOLD / 1000} ms`;
    const at = (share: number): string => times[Math.floor(times.length * share)]!.toFixed(1);
    const over = times.filter((time) => time > LIMIT).length;
    return `${at(0)} ms (of ${times.length} above ${THRESHOLD / 1000} ms: p99 ${at(0.01)} ms, ` +
      `p50 ${at(0.5)} ms, ${over} above ${LIMIT} ms)`;
  }

  async #run(...args: string[]): Promise<string> {
    const { stdout } = await new Deno.Command("redis-cli", {
      args: ["-p", `${this.port}`, ...args],
    })
      .output();
    return new TextDecoder().decode(stdout);
  }
}
