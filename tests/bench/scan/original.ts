import { freePort } from "../../support/free_port.ts";
import { writeMmdb } from "../../support/mmdb_writer.ts";
import { RedisServer } from "../../support/redis_server.ts";
import { listens, ServerProcess } from "../../support/server_process.ts";

/** What an original is started with. */
export interface OriginalOptions {
  /** The program `mirrorbits`. */
  readonly program: string;
  /** Where its files may be written. */
  readonly directory: string;
  readonly repository: string;
  /** Directory of its page templates. */
  readonly templates: string;
}

/** An original Mirrorbits with a Redis of its own, which scans when it is told. */
export class Original implements AsyncDisposable {
  readonly #program: string;
  readonly #port: number;
  readonly #servers: AsyncDisposableStack;

  private constructor(program: string, port: number, servers: AsyncDisposableStack) {
    this.#program = program;
    this.#port = port;
    this.#servers = servers;
  }

  /** Starts it. */
  static async start({ program, directory, ...places }: OriginalOptions): Promise<Original> {
    await using stack = new AsyncDisposableStack();
    const redis = stack.use(await RedisServer.start("--appendonly", "no"));
    const control = freePort();
    // It wants both, whatever they say.
    for (const type of ["GeoLite2-City", "GeoLite2-ASN"]) {
      const networks = { "0.0.0.0/0": { country: { iso_code: "DE" } } };
      await Deno.writeFile(`${directory}/${type}.mmdb`, writeMmdb({ type, networks }));
    }
    const keys = {
      Repository: places.repository,
      Templates: places.templates,
      ListenAddress: `127.0.0.1:${freePort()}`,
      RPCListenAddress: `127.0.0.1:${control}`,
      RedisAddress: `127.0.0.1:${redis.port}`,
      GeoipDatabasePath: directory,
    };
    const file = `${directory}/original.conf`;
    const lines = Object.entries(keys).map(([key, value]) => `${key}: ${JSON.stringify(value)}\n`);
    await Deno.writeTextFile(file, lines.join(""));
    const pidFile = `${directory}/original.pid`;
    const daemon = stack.use(
      new ServerProcess(
        [program, "daemon", "-monitor=false", "-config", file, "-p", pidFile],
        () => listens(control),
      ),
    );
    await daemon.start();
    return new Original(program, control, stack.move());
  }

  /** Runs a command of its command line, to its end. @throws Error when it fails */
  async run(...args: string[]): Promise<void> {
    const { success, stderr } = await new Deno.Command(this.#program, {
      args: ["-h", "127.0.0.1", "-p", `${this.#port}`, ...args],
      stdin: "null",
      stdout: "null",
      stderr: "piped",
    }).output();
    if (!success) throw new Error(`The original failed: ${new TextDecoder().decode(stderr)}`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#servers.disposeAsync();
  }
}
