/** Where {@linkcode Visitors} go. */
export type Destination =
  | { readonly transport: "tcp"; readonly hostname: string; readonly port: number }
  | { readonly transport: "unix"; readonly path: string };

/** How {@linkcode Visitors} behave. */
export interface VisitorOptions {
  readonly to: Destination;
  /** Encoded path that they ask for. */
  readonly path: string;
  /** Whether a connection is used until the server ends it; otherwise each request has its own. */
  readonly keepAlive: boolean;
  /** How many ask at once; default 4. */
  readonly count?: number;
}

/** What became of the visits. */
export interface Visits {
  /** Answers with the status 302, whole. */
  readonly answered: number;
  /** How often a visit failed, by what went wrong. */
  readonly failures: Readonly<Record<string, number>>;
}

/**
 * Clients that ask over and over, as fast as they are answered, on plain sockets: nothing is tried
 * again, so that each failure is seen, and what it was.
 */
export class Visitors implements AsyncDisposable {
  readonly #options: VisitorOptions;
  readonly #request: Uint8Array;
  readonly #running: Promise<unknown>;
  #answered = 0;
  #failures: Record<string, number> = {};
  #stopped = false;

  /** Starts to ask. */
  constructor(options: VisitorOptions) {
    const { path, keepAlive, count = 4 } = options;
    const end = keepAlive ? "" : "Connection: close\r\n";
    this.#options = options;
    this.#request = new TextEncoder().encode(`GET ${path} HTTP/1.1\r\nHost: a\r\n${end}\r\n`);
    this.#running = Promise.all(Array.from({ length: count }, () => this.#run()));
  }

  /** Visits so far that were answered. */
  get answered(): number {
    return this.#answered;
  }

  /** Stops to ask once those who have asked are answered. */
  async stop(): Promise<Visits> {
    this.#stopped = true;
    await this.#running;
    return { answered: this.#answered, failures: this.#failures };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }

  async #run(): Promise<void> {
    while (!this.#stopped) {
      let step = "connect";
      try {
        using connection = await this.#connect();
        do {
          step = "send";
          await connection.write(this.#request);
          step = "receive";
          const answer = await receive(connection);
          if (!answer.startsWith("HTTP/1.1 302 ")) {
            this.#fail(`answer ${JSON.stringify(answer.slice(0, 40))}`);
            break;
          }
          this.#answered++;
          // Who does not go when he is told to is to blame himself.
          if (/^connection: close\r$/im.test(answer)) break;
        } while (this.#options.keepAlive && !this.#stopped);
      } catch (error) {
        this.#fail(`${step}: ${error instanceof Error ? error.message : error}`);
      }
    }
  }

  #connect(): Promise<Deno.Conn> {
    const { to } = this.#options;
    return to.transport === "unix" ? Deno.connect({ ...to }) : Deno.connect({ ...to });
  }

  #fail(why: string): void {
    this.#failures[why] = (this.#failures[why] ?? 0) + 1;
  }
}

/** Receives an answer without a body; an empty text when the connection ends before it begins. */
async function receive(connection: Deno.Conn): Promise<string> {
  const decoder = new TextDecoder();
  const buffer = new Uint8Array(4096);
  let text = "";
  while (!text.includes("\r\n\r\n")) {
    const count = await connection.read(buffer);
    if (count === null) return text;
    text += decoder.decode(buffer.subarray(0, count), { stream: true });
  }
  return text;
}
