import type { Daemon } from "../support/daemon.ts";
import { waitFor } from "../support/wait_for.ts";

/** Where a daemon is asked: `127.0.0.1:8080`. */
export type Address = () => string;

/**
 * Asks for a file over and over, half of the clients on connections that they keep and half on a new
 * one each time, and counts what goes wrong.
 */
export class SteadyLoad implements AsyncDisposable {
  asked = 0;
  readonly failures: string[] = [];
  #stopped = false;
  readonly #running: Promise<unknown>;

  readonly #address: Address;
  readonly #path: string;
  readonly #allowed: readonly number[];

  /**
   * @param address where; asked before each connection
   * @param path of the file
   * @param allowed statuses that are no failure
   */
  constructor(address: Address, path: string, allowed: readonly number[] = [200, 302]) {
    this.#address = address;
    this.#path = path;
    this.#allowed = allowed;
    this.#running = Promise.all([
      ...Array.from({ length: 2 }, () => this.#run(true)),
      ...Array.from({ length: 2 }, () => this.#run(false)),
    ]);
  }

  /** Waits until so many more were answered. */
  async more(count: number): Promise<void> {
    const before = this.asked;
    await waitFor(() => this.asked >= before + count, { what: `${count} more answers` });
  }

  /** Stops asking, and tells what went wrong. */
  async stop(): Promise<readonly string[]> {
    this.#stopped = true;
    await this.#running;
    return this.failures;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }

  async #run(keep: boolean): Promise<void> {
    let connection: Deno.TcpConn | null = null;
    let place = "";
    while (!this.#stopped) {
      this.asked++;
      try {
        if (connection === null) {
          place = this.#address();
          const [hostname, port] = place.split(":") as [string, string];
          connection = await Deno.connect({ hostname, port: Number(port) });
        }
        const answer = await ask(connection, this.#path, keep);
        if (!this.#allowed.includes(answer.status)) {
          this.failures.push(`status ${answer.status} at ${place}`);
        }
        if (keep && !answer.last && place === this.#address()) continue;
      } catch (error) {
        this.failures.push(`${String(error)} at ${place}${keep ? ", kept" : ""}`);
      }
      connection?.close();
      connection = null;
    }
    connection?.close();
  }
}

const decoder = new TextDecoder();
const encoder = new TextEncoder();

/** One request, and its answer to the end. @returns the status, and whether the connection ends */
async function ask(
  connection: Deno.TcpConn,
  path: string,
  keep: boolean,
): Promise<{ readonly status: number; readonly last: boolean }> {
  const end = keep ? "" : "Connection: close\r\n";
  await connection.write(encoder.encode(`GET ${path} HTTP/1.1\r\nHost: a\r\n${end}\r\n`));
  let text = "";
  const buffer = new Uint8Array(65_536);
  while (true) {
    const head = text.indexOf("\r\n\r\n");
    const length = Number(/^content-length: *(\d+)/im.exec(text.slice(0, head + 2))?.[1] ?? 0);
    if (head >= 0 && text.length >= head + 4 + length) {
      const status = Number(/^HTTP\/1\.1 (\d+)/.exec(text)?.[1]);
      return { status, last: /^connection: *close/im.test(text.slice(0, head + 2)) };
    }
    const count = await connection.read(buffer);
    if (count === null) throw new Error(`The connection ended after ${JSON.stringify(text)}`);
    text += decoder.decode(buffer.subarray(0, count));
  }
}

/** Puts keys of the configuration into force. */
export async function reconfigure(
  daemon: Daemon,
  config: Readonly<Record<string, unknown>>,
): Promise<void> {
  daemon.configure(config);
  await daemon.ok("reload");
}
