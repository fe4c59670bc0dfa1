/** What clients saw. */
export interface Seen {
  /** Milliseconds from each request to its answer. */
  readonly times: readonly number[];
  /** Other answers than a redirect, and connections that broke. */
  readonly failures: readonly string[];
}

/** Whom to ask, and how often. */
export interface Pace {
  readonly port: number;
  /** Requests a second. */
  readonly rate: number;
  /** Encoded paths, asked for in turn. */
  readonly paths: readonly string[];
}

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** Milliseconds between two looks at what is due. */
const TICK = 1;

/**
 * Asks at a steady pace whether earlier answers have come or not: who waits for an answer before he asks
 * again asks least when answers take longest, and sees too few of those.
 */
export class PacedClient {
  readonly #pace: Pace;
  readonly #idle: Deno.TcpConn[] = [];
  readonly #running = new Set<Promise<void>>();
  readonly #timer: ReturnType<typeof setInterval>;
  readonly #start = performance.now();
  readonly #requests: readonly Uint8Array[];
  #asked = 0;
  #times: number[] = [];
  #failures: string[] = [];

  /** Begins to ask. */
  constructor(pace: Pace) {
    this.#pace = pace;
    this.#requests = pace.paths.map((path, i) =>
      encoder.encode(
        `GET ${path} HTTP/1.1\r\nHost: a\r\nX-Forwarded-For: ${1 + i % 220}.${i % 251}.7.9\r\n\r\n`,
      )
    );
    this.#timer = setInterval(() => this.#askDue(), TICK);
  }

  /** What was seen since this was asked last. */
  take(): Seen {
    const seen = { times: this.#times, failures: this.#failures };
    this.#times = [];
    this.#failures = [];
    return seen;
  }

  /** Stops asking, and waits for the last answers. */
  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await Promise.all(this.#running);
    for (const connection of this.#idle.splice(0)) connection.close();
  }

  #askDue(): void {
    const due = (performance.now() - this.#start) / 1000 * this.#pace.rate;
    for (; this.#asked < due; this.#asked++) {
      const running = this.#ask(this.#requests[this.#asked % this.#requests.length]!);
      this.#running.add(running);
      void running.finally(() => this.#running.delete(running));
    }
  }

  async #ask(request: Uint8Array): Promise<void> {
    let connection: Deno.TcpConn | undefined;
    try {
      connection = this.#idle.pop() ??
        await Deno.connect({ hostname: "127.0.0.1", port: this.#pace.port });
      const buffer = new Uint8Array(4096);
      const start = performance.now();
      await connection.write(request);
      let text = "";
      while (!text.endsWith("\r\n\r\n")) {
        const count = await connection.read(buffer);
        if (count === null) throw new Error("The connection was closed");
        text += decoder.decode(buffer.subarray(0, count));
      }
      this.#times.push(performance.now() - start);
      if (!text.startsWith("HTTP/1.1 302 ")) this.#failures.push(text.slice(0, 12));
      this.#idle.push(connection);
    } catch (error) {
      this.#failures.push(String(error));
      connection?.close();
    }
  }
}
