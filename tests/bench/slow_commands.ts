/** Microseconds from which on Redis is told to remember a command. */
const THRESHOLD = 500;

/** Milliseconds that no command should take. */
export const LIMIT = 5;

/** Which commands of a Redis took long. */
export class SlowCommands {
  readonly #port: number;
  readonly #threshold: number;

  private constructor(port: number, threshold: number) {
    this.#port = port;
    this.#threshold = threshold;
  }

  /**
   * Has a server on 127.0.0.1 remember them from now on.
   *
   * @param threshold microseconds from which on they are remembered
   */
  static async start(port: number, threshold = THRESHOLD): Promise<SlowCommands> {
    const slow = new SlowCommands(port, threshold);
    await slow.#run("config", "set", "slowlog-log-slower-than", `${threshold}`);
    await slow.#run("config", "set", "slowlog-max-len", "1000000");
    return slow;
  }

  /** Forgets those so far. */
  async reset(): Promise<void> {
    await this.#run("slowlog", "reset");
  }

  /**
   * How long each of them took, in milliseconds, the oldest first. What scripts run is a part of them, and
   * left out: there it is written in capitals.
   */
  async times(): Promise<number[]> {
    const lines = (await this.#run("--json", "slowlog", "get", "-1")).trim();
    const entries = JSON.parse(lines) as [number, number, number, string[]][];
    return entries.filter(([, , , [name]]) => name !== "slowlog" && name === name?.toLowerCase())
      .map(([, , microseconds]) => microseconds / 1000).reverse();
  }

  /** The longest command, and what is usual: the longest is often one that had to wait for a core. */
  async longest(): Promise<string> {
    const times = (await this.times()).sort((a, b) => b - a);
    if (times.length === 0) return `below ${this.#threshold / 1000} ms`;
    const at = (share: number): string => times[Math.floor(times.length * share)]!.toFixed(1);
    const over = times.filter((time) => time > LIMIT).length;
    return `${at(0)} ms (of ${times.length} above ${this.#threshold / 1000} ms: ` +
      `p99 ${at(0.01)} ms, p50 ${at(0.5)} ms, ${over} above ${LIMIT} ms)`;
  }

  async #run(...args: string[]): Promise<string> {
    const { stdout } = await new Deno.Command("redis-cli", {
      args: ["-p", `${this.#port}`, ...args],
    })
      .output();
    return new TextDecoder().decode(stdout);
  }
}
