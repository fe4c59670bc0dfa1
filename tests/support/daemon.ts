import { dirname } from "node:path";
import { V8_FLAGS } from "../../lib/config/v8_flags.ts";
import { freePort } from "./free_port.ts";
import { waitFor } from "./wait_for.ts";

const root = new URL("../../", import.meta.url).pathname;
const executable = Deno.env.get("MIRRORBITS_EXECUTABLE");

/** What a command printed and how it ended. */
export interface CommandResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** What {@linkcode Daemon} is started with. */
export interface DaemonOptions {
  /** Directory for the configuration, the state, the PID file and the log. */
  readonly directory: string;
  /** Keys of the configuration file; addresses and the store's place have defaults here. */
  readonly config: Readonly<Record<string, unknown>>;
  /** ListenAddress. Default: a free port of 127.0.0.1. */
  readonly address?: string;
  /** Further arguments of `daemon`. */
  readonly args?: readonly string[];
  /** Further variables of the environment. */
  readonly env?: Readonly<Record<string, string>>;
  /** Whether these are all variables that there are. Default: false. */
  readonly clearEnv?: boolean;
  /** Working directory of the daemon. Default: that of the test. */
  readonly cwd?: string;
  /** Number of the user and the group that the daemon runs as. Default: those of the test. */
  readonly uid?: number;
}

/** The program itself, as a process, with its command line. */
export class Daemon implements AsyncDisposable {
  #child: Deno.ChildProcess | null = null;
  /** The process that took over in an upgrade. */
  #successor: number | null = null;
  /** The address of the redirector: `127.0.0.1:8080`, `unix:/run/mirrorbits.sock`. */
  readonly address: string;
  readonly #controlPort = freePort();
  readonly #options: DaemonOptions;
  /**
   * Command that runs the program, without arguments: the executable that the environment variable
   * MIRRORBITS_EXECUTABLE names, or the source.
   */
  static readonly command: readonly [string, ...string[]] = executable ? [executable] : [
    Deno.execPath(),
    ...["run", "--quiet", "--no-prompt", V8_FLAGS, "-P=serve", `${root}main.ts`],
  ];

  /** Whether the program is the executable, which gives up at start what it does not need. */
  static readonly isExecutable: boolean = executable !== undefined;

  /** Whether the program can tell a receiver of OpenTelemetry: an executable was made for that, or not. */
  static readonly canTell: boolean = executable === undefined ||
    Deno.env.get("MIRRORBITS_EXECUTABLE_TELLS") === "true";

  /** Command that starts the daemon, without arguments; the command line is not run with it. */
  command: readonly [string, ...string[]] = Daemon.command;

  /** Command that runs the command line, without arguments. */
  cliCommand: readonly [string, ...string[]] = Daemon.command;

  constructor(options: DaemonOptions) {
    this.#options = options;
    this.address = options.address ?? `127.0.0.1:${freePort()}`;
  }

  /** The runtime log so far. */
  get log(): string {
    return Deno.readTextFileSync(this.#file("daemon.log"));
  }

  /** The process ID. */
  get pid(): number {
    return this.#successor ?? this.#child?.pid ?? 0;
  }

  /** What the PID file says; `null`: there is none. */
  get pidFile(): string | null {
    try {
      return Deno.readTextFileSync(this.#file("pid")).trim();
    } catch {
      return null;
    }
  }

  /** Arguments that point the command line at this daemon. */
  get cliArgs(): readonly string[] {
    return ["-p", `${this.#controlPort}`];
  }

  /** Writes the configuration file; a running daemon reads it at the next reload. */
  configure(config: Readonly<Record<string, unknown>> = {}): void {
    const all = {
      ListenAddress: this.address,
      RPCListenAddress: `127.0.0.1:${this.#controlPort}`,
      DatabasePath: this.#file("mirrorbits.db"),
      GeoipDatabasePath: this.#file("geoip"),
      ...this.#options.config,
      ...config,
    };
    const lines = Object.entries(all).map(([key, value]) => `${key}: ${JSON.stringify(value)}\n`);
    Deno.writeTextFileSync(this.#file("mirrorbits.conf"), lines.join(""));
  }

  /** Starts the daemon and waits until it answers. @param config further keys of its configuration */
  async start(config: Readonly<Record<string, unknown>> = {}): Promise<void> {
    this.configure(config);
    const child = this.spawn();
    let ended = false;
    child.status.then(() => ended = true);
    await waitFor(async () => {
      if (ended) return true;
      const served = this.address.startsWith("unix:")
        ? this.pidFile === `${child.pid}`
        : (await this.get("/")).status > 0;
      return served && (await this.cli("version")).code === 0;
    }, { what: "the daemon to answer" });
    if (ended) throw new Error(`The daemon ended at once: ${this.log}`);
  }

  /** Starts the daemon, whose configuration file is written already. */
  spawn(): Deno.ChildProcess {
    const [program, ...args] = this.command;
    return this.#child = new Deno.Command(program, {
      args: [
        ...args,
        "daemon",
        ...["-config", this.#file("mirrorbits.conf"), "-p", this.#file("pid")],
        ...["-log", this.#file("daemon.log")],
        ...(this.#options.args ?? []),
      ],
      env: this.#environment(),
      ...this.#surroundings(),
      stdin: "null",
      stdout: "null",
      stderr: "inherit",
    }).spawn();
  }

  /**
   * Waits until another process has taken over and the one before it has ended; from then on that one
   * is meant.
   */
  async follow(): Promise<void> {
    const before = this.pid;
    const child = this.#child;
    let ended = child === null;
    void child?.status.then(() => ended = true);
    await waitFor(() => ended, {
      what: "the old process to make way",
    });
    this.#child = null;
    await waitFor(() => hasEnded(before), { what: "the old process to end" });
    this.#successor = Number(this.pidFile);
    if (this.#successor === before) throw new Error(`Nobody took over: ${this.log}`);
  }

  /** Ends the daemon. @returns its exit code; that of a process that took over is not known: 0 */
  async stop(signal: Deno.Signal = "SIGTERM"): Promise<number> {
    const successor = this.#successor;
    this.#successor = null;
    if (successor !== null) {
      if (!hasEnded(successor)) Deno.kill(successor, signal);
      await waitFor(() => hasEnded(successor), { what: "the daemon to end" });
    }
    const child = this.#child;
    this.#child = null;
    if (!child) return 0;
    try {
      child.kill(signal);
    } catch {
      // It ended by itself.
    }
    return (await child.status).code;
  }

  /** Sends a signal and goes on. */
  signal(signal: Deno.Signal): void {
    Deno.kill(this.pid, signal);
  }

  /** Runs a command of the command line against this daemon. */
  async cli(...args: string[]): Promise<CommandResult> {
    const [program, ...programArgs] = this.cliCommand;
    const { code, stdout, stderr } = await new Deno.Command(program, {
      args: [...programArgs, ...this.cliArgs, ...args],
      env: this.#environment(),
      stdin: "null",
    }).output();
    const decoder = new TextDecoder();
    return { code, stdout: decoder.decode(stdout), stderr: decoder.decode(stderr) };
  }

  /** Runs a command that must succeed. @returns its standard output */
  async ok(...args: string[]): Promise<string> {
    const { code, stdout, stderr } = await this.cli(...args);
    if (code !== 0) throw new Error(`"${args.join(" ")}" ended with ${code}: ${stdout}${stderr}`);
    return stdout;
  }

  /**
   * Asks the redirector, without following redirects. The body is read.
   *
   * @param path encoded path with its query
   */
  async get(path: string, headers: Record<string, string> = {}): Promise<Response> {
    const response = await fetch(`http://${this.address}${path}`, { headers, redirect: "manual" });
    const body = await response.text();
    const bodyless = response.status === 304 || response.status === 204;
    return new Response(bodyless ? null : body, response);
  }

  #surroundings(): Pick<Deno.CommandOptions, "clearEnv" | "cwd" | "uid" | "gid"> {
    const { clearEnv = false, cwd, uid } = this.#options;
    return {
      clearEnv,
      ...(cwd === undefined ? {} : { cwd }),
      ...(uid === undefined ? {} : { uid, gid: uid }),
    };
  }

  #environment(): Record<string, string> {
    if (this.#options.clearEnv) return { ...this.#options.env };
    return {
      NO_COLOR: "1",
      DENO_NO_UPDATE_CHECK: "1",
      // The Deno that an upgrade may run by its name is the one that runs this.
      PATH: `${dirname(Deno.execPath())}:${Deno.env.get("PATH")}`,
      ...this.#options.env,
    };
  }

  #file(name: string): string {
    return `${this.#options.directory}/${name}`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop("SIGKILL");
  }
}

/** Whether a process has ended, also one whose end nobody has asked for yet. */
function hasEnded(pid: number): boolean {
  try {
    return /^\d+ \(.*\) Z/s.test(Deno.readTextFileSync(`/proc/${pid}/stat`));
  } catch {
    return true;
  }
}
