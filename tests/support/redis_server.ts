import { freePort } from "./free_port.ts";
import { ServerProcess } from "./server_process.ts";
import { type TempDir, tempDir } from "./temp_dir.ts";

/** A real redis-server on a free port of 127.0.0.1; what was written survives {@linkcode stop}. */
export class RedisServer implements AsyncDisposable {
  readonly #directory: TempDir;
  readonly #process: ServerProcess;

  private constructor(
    /** TCP port on 127.0.0.1. */
    readonly port: number,
    directory: TempDir,
    process: ServerProcess,
  ) {
    this.#directory = directory;
    this.#process = process;
  }

  /**
   * Starts a server.
   *
   * @param args further arguments, such as `--requirepass x`
   */
  static async start(...args: string[]): Promise<RedisServer> {
    const directory = await tempDir("mirrorbits-redis-");
    const port = freePort();
    const process = new ServerProcess([
      "redis-server",
      ...["--port", `${port}`, "--bind", "127.0.0.1", "--dir", directory.path],
      ...["--save", "", "--appendonly", "yes", "--appendfsync", "always"],
      ...args,
    ], () => answers(port));
    await process.start();
    return new RedisServer(port, directory, process);
  }

  /** Starts a server that speaks TLS alone. */
  static async startEncrypted(certificate: string, key: string): Promise<RedisServer> {
    const directory = await tempDir("mirrorbits-redis-");
    const port = freePort();
    const process = new ServerProcess([
      "redis-server",
      ...["--port", "0", "--tls-port", `${port}`, "--bind", "127.0.0.1", "--dir", directory.path],
      ...["--save", "", "--tls-cert-file", certificate, "--tls-key-file", key],
      ...["--tls-ca-cert-file", certificate, "--tls-auth-clients", "no"],
    ], async () => {
      using _connection = await Deno.connectTls({
        hostname: "127.0.0.1",
        port,
        caCerts: [await Deno.readTextFile(certificate)],
      });
      return true;
    });
    await process.start();
    return new RedisServer(port, directory, process);
  }

  /** The process ID; 0 when it is stopped. */
  get pid(): number {
    return this.#process.pid;
  }

  /** Starts it again after {@linkcode stop}, on the same port with the same data. */
  start(): Promise<void> {
    return this.#process.start();
  }

  /** Stops it. */
  stop(): Promise<void> {
    return this.#process.stop();
  }

  /** Freezes it (`SIGSTOP`) or lets it go on (`SIGCONT`). */
  signal(signal: Deno.Signal): void {
    this.#process.signal(signal);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#process[Symbol.asyncDispose]();
    await this.#directory[Symbol.asyncDispose]();
  }
}

/** Whether a Redis speaks its protocol on a port and has its data loaded; a password error counts. */
async function answers(port: number): Promise<boolean> {
  using connection = await Deno.connect({ hostname: "127.0.0.1", port });
  await connection.write(new TextEncoder().encode("PING\r\n"));
  const reply = new Uint8Array(16);
  await connection.read(reply);
  return /^(\+PONG|-NOAUTH)/.test(new TextDecoder().decode(reply));
}
