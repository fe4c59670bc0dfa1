/** A real HTTP server over a directory, as a mirror runs it. */
export class MirrorServer implements AsyncDisposable {
  #server: Deno.HttpServer<Deno.NetAddr> | null = null;
  /** Method and path of each request, oldest first. */
  readonly requests: string[] = [];
  /** Answers instead of the directory while it is set. */
  answer: ((request: Request) => Response) | null = null;

  readonly #directory: string;

  private constructor(directory: string, private port: number) {
    this.#directory = directory;
  }

  /** Starts a server on a free port of 127.0.0.1. */
  static start(directory: string): MirrorServer {
    const server = new MirrorServer(directory, 0);
    server.up();
    return server;
  }

  /** Base URL with a trailing slash; stays the same over {@linkcode down} and {@linkcode up}. */
  get url(): string {
    return `http://127.0.0.1:${this.port}/`;
  }

  /** Listens, on the same port as before. */
  up(): void {
    if (this.#server) return;
    this.#server = Deno.serve(
      { hostname: "127.0.0.1", port: this.port, onListen: () => {} },
      (request) => this.#serve(request),
    );
    this.port = this.#server.addr.port;
  }

  /** Closes the port; connections are refused from now on. */
  async down(): Promise<void> {
    const server = this.#server;
    this.#server = null;
    await server?.shutdown();
  }

  async #serve(request: Request): Promise<Response> {
    const path = decodeURIComponent(new URL(request.url).pathname);
    this.requests.push(`${request.method} ${path}`);
    if (this.answer) return this.answer(request);
    try {
      const file = await Deno.open(this.#directory + path);
      const { size, isFile } = await file.stat();
      if (!isFile || request.method === "HEAD") file.close();
      if (!isFile) return new Response("Not Found\n", { status: 404 });
      const headers = { "content-length": `${size}`, "content-type": "application/octet-stream" };
      return new Response(request.method === "HEAD" ? null : file.readable, { headers });
    } catch {
      return new Response("Not Found\n", { status: 404 });
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.down();
  }
}
