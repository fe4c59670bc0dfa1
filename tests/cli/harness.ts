import type { Environment } from "../../cli/environment.ts";
import type { DaemonOptions } from "../../lib/daemon/options.ts";
import type { ControlServices } from "../../lib/control/control_services.ts";
import { systemClock } from "../../lib/daemon/system_clock.ts";
import { EditorError } from "../../cli/terminal/editor.ts";
import { LineReader } from "../../cli/terminal/line_reader.ts";
import { Output } from "../../cli/terminal/output.ts";
import { runProgram } from "../../cli/program.ts";
import { loadConfig } from "../../lib/config/load_config.ts";
import { createControlApp } from "../../lib/control/server.ts";
import { NOW } from "../control/fake_services.ts";

/** What a run of the program gets beside its arguments. */
export interface RunOptions {
  readonly stdin?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** What the user's editor makes of the text; `null`: it fails. */
  readonly edit?: (text: string) => string | null | Promise<string | null>;
  /** Whether standard input and output are a terminal. */
  readonly terminal?: boolean;
  /** Width of the terminal. */
  readonly columns?: number;
  /** Lines of the terminal. Default: 24. */
  readonly rows?: number;
  /** Whether colours are wanted. Default: no. */
  readonly colour?: boolean;
  /** What happens while a command waits. Default: nothing. */
  readonly delay?: () => Promise<void>;
  /** Text files by their path. */
  readonly files?: Readonly<Record<string, string>>;
  /** Aborted when the user interrupts. */
  readonly interrupt?: AbortSignal;
  /** What the program is told where the daemon is; default: the one of the harness. */
  readonly connection?: readonly string[];
}

/** What a run of the program did. */
export interface Run {
  readonly exit: number;
  readonly stdout: string;
  readonly stderr: string;
  /** What the server was started with, if it was. */
  readonly daemon: DaemonOptions | null;
}

/** The program, in this process, before a control API on a free port. */
export class Harness implements AsyncDisposable {
  readonly #server: Deno.HttpServer<Deno.NetAddr>;

  constructor(services: ControlServices) {
    const app = createControlApp(services);
    this.#server = Deno.serve(
      { hostname: "127.0.0.1", port: 0, onListen: () => {} },
      (request) => app.fetch(request),
    );
  }

  /** The port of the control API. */
  get port(): number {
    return this.#server.addr.port;
  }

  /** Runs a command line. */
  async run(args: readonly string[], options: RunOptions = {}): Promise<Run> {
    const { stdin = "", env = {}, edit, terminal = false, interrupt } = options;
    const written = { stdout: "", stderr: "" };
    const writer = (name: "stdout" | "stderr"): ConstructorParameters<typeof Output>[0] => ({
      isTerminal: terminal,
      columns: () => options.columns ?? 80,
      rows: () => options.rows ?? 24,
      write: (text) => void (written[name] += text),
    });
    let input: Uint8Array | null = new TextEncoder().encode(stdin);
    const reader = new LineReader((buffer) => {
      const chunk = input;
      input = null;
      if (chunk === null || chunk.length === 0) return Promise.resolve(null);
      buffer.set(chunk);
      return Promise.resolve(chunk.length);
    });
    let daemon: DaemonOptions | null = null;
    const environment: Environment = {
      output: new Output(writer("stdout"), writer("stderr"), { colour: options.colour ?? false }),
      inputIsTerminal: terminal,
      readLine: () => reader.readLine(),
      readSecret: () => reader.readLine(),
      variable: (name) => env[name] ?? (name === "EDITOR" && edit ? "editor" : undefined),
      fetch: globalThis.fetch,
      bypassProxy: () => {},
      interruption: () => ({
        signal: interrupt ?? new AbortController().signal,
        [Symbol.dispose]: () => {},
      }),
      edit: async (text) => {
        const edited = edit ? await edit(text) : null;
        if (edited === null) throw new EditorError("The editor ended with exit code 1");
        return edited;
      },
      openFile: (path) => {
        const text = path === "-" ? stdin : (options.files ?? {})[path];
        return text === undefined
          ? Promise.reject(new Error(`Cannot read "${path}": there is no such file`))
          : Promise.resolve(ReadableStream.from([new TextEncoder().encode(text)]));
      },
      readText: (path) => {
        if (path === "-") return Promise.resolve(stdin);
        const text = options.files?.[path];
        if (text !== undefined) return Promise.resolve(text);
        return Promise.reject(new Error(`Cannot read "${path}": there is no such file`));
      },
      program: ["/usr/bin/mirrorbits"],
      sources: null,
      absolutePath: (path) => path.startsWith("/") ? path : `/home/${path}`,
      realPath: (path) => Promise.resolve(path),
      readConfig: ({ config: file = "", repository, listen }) => {
        const configFile = file || "/etc/mirrorbits.conf";
        const loaded = loadConfig({
          file: configFile,
          text: options.files?.[configFile] ?? "",
          environment: env,
          flags: { repository: repository || undefined, listenAddress: listen || undefined },
          workingDirectory: "/home",
        });
        return Promise.resolve({ ...loaded, configFile });
      },
      now: () => NOW,
      after: systemClock.after,
      delay: () => options.delay?.() ?? Promise.resolve(),
      runDaemon: (daemonOptions) => {
        daemon = daemonOptions;
        return Promise.resolve(0);
      },
    };
    const connection = options.connection ?? ["-h", "127.0.0.1", "-p", `${this.port}`];
    const exit = await runProgram([...connection, ...args], environment);
    return { exit, ...written, daemon };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#server.shutdown();
  }
}
