import { freePort } from "./free_port.ts";
import { listens, ServerProcess } from "./server_process.ts";
import { type TempDir, tempDir } from "./temp_dir.ts";

/** What {@linkcode RsyncDaemon.start} takes beside the modules. */
export interface RsyncDaemonOptions {
  /** User and password that every module asks for; none: open to everyone. */
  readonly auth?: { readonly user: string; readonly password: string };
  /** Started by root it serves as nobody, who may not read everything. */
  readonly unprivileged?: boolean;
}

/** A real rsync daemon on a free port of 127.0.0.1. */
export class RsyncDaemon implements AsyncDisposable {
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
   * Starts a daemon.
   *
   * @param modules module name → directory
   */
  static async start(
    modules: Readonly<Record<string, string>>,
    { auth, unprivileged = false }: RsyncDaemonOptions = {},
  ): Promise<RsyncDaemon> {
    const directory = await tempDir("mirrorbits-rsyncd-");
    const port = freePort();
    const secrets = `${directory.path}/secrets`;
    if (auth) {
      await Deno.writeTextFile(secrets, `${auth.user}:${auth.password}\n`, { mode: 0o600 });
    }
    const config = [
      "use chroot = no",
      `port = ${port}`,
      "address = 127.0.0.1",
      `log file = ${directory.path}/log`,
      "read only = yes",
      ...(Deno.uid() === 0 && !unprivileged ? ["uid = root", "gid = root"] : []),
      ...Object.entries(modules).flatMap(([name, path]) => [
        `[${name}]`,
        `path = ${path}`,
        ...(auth ? [`auth users = ${auth.user}`, `secrets file = ${secrets}`] : []),
      ]),
    ];
    const file = `${directory.path}/rsyncd.conf`;
    await Deno.writeTextFile(file, config.join("\n") + "\n");
    const process = new ServerProcess(
      ["rsync", "--daemon", "--no-detach", "--config", file],
      () => listens(port),
    );
    await process.start();
    return new RsyncDaemon(port, directory, process);
  }

  /** URL of a module. */
  url(module: string): string {
    return `rsync://127.0.0.1:${this.port}/${module}/`;
  }

  /** The daemon's process ID. */
  get pid(): number {
    return this.#process.pid;
  }

  /** What it has logged so far. */
  log(): Promise<string> {
    return Deno.readTextFile(`${this.#directory.path}/log`);
  }

  /** Stops it. */
  stop(signal?: Deno.Signal): Promise<void> {
    return this.#process.stop(signal);
  }

  /** Starts it again on the same port. */
  start(): Promise<void> {
    return this.#process.start();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#process[Symbol.asyncDispose]();
    await this.#directory[Symbol.asyncDispose]();
  }
}
