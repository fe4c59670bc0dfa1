/** How a {@linkcode TcpProxy} treats what passes. */
export type ProxyMode =
  /** Everything passes. */
  | "open"
  /** Nothing passes any more, and nobody is told: a cable was cut. */
  | "silent"
  /** Connections are refused, those there are closed. */
  | "closed";

interface Pair {
  readonly client: Deno.Conn;
  readonly server: Deno.Conn;
}

/** A TCP proxy on a free port of 127.0.0.1 between a program and its server, to disturb the two. */
export class TcpProxy implements AsyncDisposable {
  /** Milliseconds by which answers are held back. */
  delay = 0;
  /** Told of each piece that the client sends, before it passes on; may change the mode. */
  onRequest: (text: string) => void = () => {};
  /** Told of each piece that the server answers, before it passes on; may change the mode. */
  onAnswer: (text: string) => void = () => {};
  readonly port: number;
  #mode: ProxyMode = "open";
  #changed = Promise.withResolvers<void>();
  readonly #listener: Deno.Listener;
  readonly #pairs = new Set<Pair>();
  readonly #running = new Set<Promise<unknown>>();

  readonly #target: number;

  /** @param target port on 127.0.0.1 */
  constructor(target: number) {
    this.#target = target;
    this.#listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    this.port = (this.#listener.addr as Deno.NetAddr).port;
    this.#track(this.#accept());
  }

  get mode(): ProxyMode {
    return this.#mode;
  }

  set mode(mode: ProxyMode) {
    this.#mode = mode;
    if (mode === "closed") { for (const pair of this.#pairs) close(pair); }
    this.#changed.resolve();
    this.#changed = Promise.withResolvers();
  }

  async #accept(): Promise<void> {
    for await (const client of this.#listener) {
      if (this.#mode === "closed") client.close();
      else this.#track(this.#connect(client));
    }
  }

  async #connect(client: Deno.Conn): Promise<void> {
    while (this.#mode === "silent") await this.#changed.promise;
    let server: Deno.Conn;
    try {
      if (this.#mode === "closed") throw new Error("Closed");
      server = await Deno.connect({ hostname: "127.0.0.1", port: this.#target });
    } catch {
      client.close();
      return;
    }
    const pair = { client, server };
    this.#pairs.add(pair);
    await Promise.all([
      this.#pass(client, server, (text) => this.onRequest(text), () => 0),
      this.#pass(server, client, (text) => this.onAnswer(text), () => this.delay),
    ]);
    this.#pairs.delete(pair);
  }

  async #pass(
    from: Deno.Conn,
    to: Deno.Conn,
    tell: (text: string) => void,
    delay: () => number,
  ): Promise<void> {
    const buffer = new Uint8Array(65_536);
    const decoder = new TextDecoder("latin1");
    let last: Promise<void> = Promise.resolve();
    try {
      while (true) {
        const size = await from.read(buffer);
        if (size === null) break;
        const bytes = buffer.slice(0, size);
        tell(decoder.decode(bytes));
        const due = performance.now() + delay();
        const before = last;
        last = (async () => {
          await before;
          const rest = due - performance.now();
          if (rest > 0) await new Promise((resolve) => setTimeout(resolve, rest));
          while (this.#mode === "silent") await this.#changed.promise;
          for (let sent = 0; sent < bytes.length;) sent += await to.write(bytes.subarray(sent));
        })();
        last.catch(() => {});
      }
    } catch {
      // Closed by this proxy or by one of the two.
    }
    await last.catch(() => {});
    close({ client: from, server: to });
  }

  #track(work: Promise<unknown>): void {
    const tracked = work.catch(() => {}).finally(() => this.#running.delete(tracked));
    this.#running.add(tracked);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#listener.close();
    this.mode = "closed";
    while (this.#running.size > 0) await Promise.all(this.#running);
  }
}

function close({ client, server }: Pair): void {
  for (const connection of [client, server]) {
    try {
      connection.close();
    } catch {
      // Closed already.
    }
  }
}
