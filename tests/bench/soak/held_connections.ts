/** Milliseconds between two looks of a slow reader. */
const SLOWLY = 500;

/**
 * Connections that are held open: some say nothing at all, some ask for a page over and over and hardly
 * read it. One that the daemon closes, as in an upgrade, is opened anew.
 */
export class HeldConnections implements AsyncDisposable {
  /** How many are open. */
  open = 0;
  readonly #address: Deno.ConnectOptions;
  readonly #connections = new Set<Deno.TcpConn>();
  readonly #running: Promise<unknown>;
  #stopped = false;

  /**
   * @param address `127.0.0.1:8080`
   * @param idle how many say nothing
   * @param slow how many read slowly
   * @param page encoded path that these ask for
   */
  constructor(address: string, idle: number, slow: number, page: string) {
    const [hostname, port] = address.split(":") as [string, string];
    this.#address = { hostname, port: Number(port) };
    const request = new TextEncoder().encode(`GET ${page} HTTP/1.1\r\nHost: ${address}\r\n\r\n`);
    this.#running = Promise.all([
      ...Array.from({ length: idle }, () => this.#hold((connection) => rest(connection))),
      ...Array.from({ length: slow }, () => this.#hold((one) => this.#readSlowly(one, request))),
    ]);
  }

  /** Closes all. */
  async stop(): Promise<void> {
    this.#stopped = true;
    for (const connection of this.#connections) close(connection);
    await this.#running;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }

  async #hold(use: (connection: Deno.TcpConn) => Promise<void>): Promise<void> {
    while (!this.#stopped) {
      let connection: Deno.TcpConn | null = null;
      try {
        connection = await Deno.connect(this.#address);
        this.#connections.add(connection);
        this.open++;
        await use(connection);
      } catch {
        // The daemon closed it; or it was not there for a moment, which the traffic would note.
      }
      if (connection !== null) {
        this.open--;
        this.#connections.delete(connection);
        close(connection);
      }
      if (!this.#stopped) await new Promise((resolve) => setTimeout(resolve, SLOWLY));
    }
  }

  /** Asks ahead, so that answers pile up, and takes 64 bytes at a time. */
  async #readSlowly(connection: Deno.TcpConn, request: Uint8Array): Promise<void> {
    const buffer = new Uint8Array(64);
    for (let turn = 0; !this.#stopped; turn++) {
      if (turn % 10 === 0) await connection.write(request);
      if (await connection.read(buffer) === null) return;
      await new Promise((resolve) => setTimeout(resolve, SLOWLY));
    }
  }
}

async function rest(connection: Deno.TcpConn): Promise<void> {
  const buffer = new Uint8Array(64);
  while (await connection.read(buffer) !== null);
}

function close(connection: Deno.TcpConn): void {
  try {
    connection.close();
  } catch {
    // It is closed already.
  }
}
