/** One request that a server answered. */
export interface ServedRequest {
  /** Number of the update that it belongs to. */
  readonly update: number;
  /** Milliseconds since the epoch. */
  readonly time: number;
  readonly server: string;
  readonly path: string;
  readonly status: number;
}

/** Begin and end of what changed the files of a server, or of its death, in milliseconds since the epoch. */
export type Change = readonly [from: number, to: number];

/** A tree over HTTP that notes who got what, and when it was changed; it may be dead for a while. */
export class LoggedServer implements AsyncDisposable {
  readonly #served: ServedRequest[];
  #server: Deno.HttpServer<Deno.NetAddr> | null;
  readonly #port: number;
  #end = new AbortController();
  /** When the files changed, oldest first. */
  readonly changes: Change[] = [];
  /** When it was dead, oldest first. */
  readonly deaths: Change[] = [];
  #died = 0;

  /**
   * Starts it on a free port of 127.0.0.1.
   *
   * @param name what it is called in the log
   * @param directory what it serves
   * @param served the log, of all servers together
   */
  constructor(readonly name: string, readonly directory: string, served: ServedRequest[]) {
    this.#served = served;
    this.#server = this.#listen(0);
    this.#port = this.#server.addr.port;
  }

  /** Base URL with a trailing slash. */
  get url(): string {
    return `http://127.0.0.1:${this.#port}/`;
  }

  /** Does something that changes the files. @param action says whether it did */
  async change(action: () => Promise<boolean>): Promise<void> {
    const from = Date.now();
    if (await action()) this.changes.push([from, Date.now()]);
  }

  /** Dies: connections are refused. */
  async die(): Promise<void> {
    const server = this.#server;
    this.#server = null;
    this.#died = Date.now();
    // Nobody waits for those who hold connections.
    this.#end.abort();
    await server?.finished;
  }

  /** Serves again, on the same port. */
  live(): void {
    if (this.#server !== null) return;
    this.#server = this.#listen(this.#port);
    this.deaths.push([this.#died, Date.now()]);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.die();
  }

  #listen(port: number): Deno.HttpServer<Deno.NetAddr> {
    const { signal } = this.#end = new AbortController();
    return Deno.serve(
      { hostname: "127.0.0.1", port, signal, onListen: () => {} },
      (request) => this.#answer(request),
    );
  }

  async #answer({ url, method, headers }: Request): Promise<Response> {
    const path = decodeURIComponent(new URL(url).pathname);
    let response: Response;
    try {
      using file = await Deno.open(this.directory + path);
      const { size, mtime, isFile } = await file.stat();
      if (!isFile) throw new Deno.errors.NotFound(path);
      const bytes = new Uint8Array(size);
      for (let at = 0; at < size;) at += await file.read(bytes.subarray(at)) ?? size;
      response = new Response(method === "HEAD" ? null : bytes, {
        headers: {
          "content-length": `${size}`,
          "content-type": "application/octet-stream",
          "last-modified": mtime?.toUTCString() ?? "",
          etag: `"${size}-${mtime?.getTime()}"`,
        },
      });
    } catch {
      response = new Response("Not Found\n", { status: 404 });
    }
    const update = updateOf(headers.get("user-agent") ?? "");
    if (update !== null) {
      const { status } = response;
      this.#served.push({ update, time: Date.now(), server: this.name, path, status });
    }
    return response;
  }
}

/** What a client calls itself in an update, so that logs tell them apart. */
export function agentOf(update: number): string {
  return `storm/${update}.`;
}

/** Reads {@linkcode agentOf}. @returns `null`: it is of no update */
export function updateOf(agent: string): number | null {
  const [, update] = /storm\/(\d+)\./.exec(agent) ?? [];
  return update === undefined ? null : Number(update);
}
