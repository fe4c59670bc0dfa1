/** Where a server listens. */
type Place = Deno.ConnectOptions | Deno.UnixConnectOptions;

/** Connections that take a descriptor of a server and ask for nothing. */
export class IdleConnections implements Disposable {
  readonly #place: Place;
  readonly #open: Deno.Conn[] = [];

  /** @param address `127.0.0.1:8080`, `[::1]:8080` or `unix:/run/http.sock` */
  constructor(address: string) {
    this.#place = placeOf(address);
  }

  /** How many are open, as far as is known here. */
  get size(): number {
    return this.#open.length;
  }

  /** Tries to open so many more; those that are refused are left out. */
  async open(count: number): Promise<void> {
    for (let i = 0; i < count; i++) {
      const connection = await connect(this.#place).catch(() => null);
      if (connection !== null) this.#open.push(connection);
    }
  }

  /** Waits until the server has cut all of them. */
  async cut(): Promise<void> {
    // Reading one to its end closes it here, too.
    const open = this.#open.splice(0);
    await Promise.all(open.map((connection) => read(connection).catch(() => "")));
  }

  [Symbol.dispose](): void {
    for (const connection of this.#open.splice(0)) connection.close();
  }
}

/**
 * Asks a server on a connection of its own, also on a Unix socket, which fetch() cannot.
 *
 * @returns the status line, or what keeps it from coming
 */
export async function askOnce(address: string, path: string): Promise<string> {
  try {
    using connection = await connect(placeOf(address));
    const request = `GET ${path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`;
    await connection.write(new TextEncoder().encode(request));
    return (await read(connection)).split("\r\n", 1)[0]!;
  } catch (error) {
    return String(error);
  }
}

function placeOf(address: string): Place {
  if (address.startsWith("unix:")) return { transport: "unix", path: address.slice(5) };
  const colon = address.lastIndexOf(":");
  const hostname = address.slice(0, colon).replace(/^\[(.*)\]$/, "$1");
  return { hostname, port: Number(address.slice(colon + 1)) };
}

async function connect(place: Place): Promise<Deno.Conn> {
  return "path" in place ? await Deno.connect(place) : await Deno.connect(place);
}

async function read(connection: Deno.Conn): Promise<string> {
  return await new Response(connection.readable).text();
}
