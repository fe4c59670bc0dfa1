import { startWithV8Flags } from "../lib/daemon/with_v8_flags.ts";
import { systemClock } from "../lib/daemon/system_clock.ts";
import { promptSecret } from "@std/cli/prompt-secret";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { readVariable } from "../lib/config/read_variable.ts";
import { V8_FLAGS } from "../lib/config/v8_flags.ts";
import type { DaemonFlags } from "./daemon_flags.ts";
import { editText } from "./terminal/editor.ts";
import type { Environment, FoundConfig, Interruption } from "./environment.ts";
import { LineReader } from "./terminal/line_reader.ts";
import { Output, type TextWriter } from "./terminal/output.ts";

/** The real world around the program. */
export function denoEnvironment(): Environment {
  const colour = !variable("NO_COLOR");
  const reader = new LineReader((buffer) => Deno.stdin.read(buffer));
  const stderr = textWriter(Deno.stderr);
  return {
    output: new Output(textWriter(Deno.stdout), stderr, { colour }),
    inputIsTerminal: Deno.stdin.isTerminal(),
    readLine: () => reader.readLine(),
    readSecret: async (prompt) => {
      if (!Deno.stdin.isTerminal()) return await reader.readLine();
      return promptSecret(prompt.trimEnd(), { mask: "" });
    },
    variable,
    fetch: globalThis.fetch,
    bypassProxy,
    interruption,
    edit: (text) => editText(text, variable("EDITOR") ?? ""),
    readText: async (path) => path === "-" ? await readAll(reader) : await readFile(path),
    openFile: async (path) => path === "-" ? Deno.stdin.readable : await openFile(path),
    program: ownCommand(),
    sources: Deno.build.standalone ? null : dirname(ownMain()),
    absolutePath,
    realPath: (path) => Deno.realPath(path).catch(() => path),
    readConfig,
    now: Date.now,
    delay,
    after: systemClock.after,
    runDaemon: async (options) => {
      if (Deno.build.standalone) {
        return await (await import("../lib/daemon/confined_daemon.ts")).runConfinedDaemon(options);
      }
      startWithV8Flags();
      return await (await loadDaemon()).runDaemon(options);
    },
  };
}

/**
 * Loads the server from its source. Deno reads all that a program may import by a name that it can see
 * before the program starts, and no other command needs these 350 modules.
 *
 * @throws Error with the permission that is missing
 */
async function loadDaemon(): Promise<typeof import("../lib/daemon/run_daemon.ts")> {
  const { href } = new URL("../lib/daemon/run_daemon.ts", import.meta.url);
  const sources = dirname(ownMain());
  if (Deno.permissions.querySync({ name: "read", path: sources }).state !== "granted") {
    throw new Error(
      `Cannot load the daemon: Deno may not read it, allow that with --allow-read=${sources}`,
    );
  }
  return await import(href);
}

function variable(name: string): string | undefined {
  return readVariable(Deno.env, name);
}

/** The executable alone, or Deno with what it takes to run this program. */
function ownCommand(): string[] {
  const executable = Deno.execPath();
  if (Deno.build.standalone) return [executable];
  return [executable, "run", "--quiet", "--no-prompt", V8_FLAGS, "-P=serve", ownMain()];
}

function ownMain(): string {
  return fileURLToPath(import.meta.resolve("../main.ts"));
}

function absolutePath(path: string): string {
  return path.startsWith("/") ? path : `${Deno.cwd()}/${path}`;
}

async function readConfig(flags: DaemonFlags): Promise<FoundConfig> {
  const { DEFAULT_CONFIG_FILE, readConfig } = await import("../lib/config/read_config.ts");
  const { readEnvironment } = await import("../lib/config/read_environment.ts");
  const { config, warnings } = await readConfig({
    configFile: flags.config || undefined,
    environment: readEnvironment(Deno.env),
    flags: { repository: flags.repository || undefined, listenAddress: flags.listen || undefined },
    workingDirectory: Deno.cwd(),
  });
  return { config, warnings, configFile: absolutePath(flags.config || DEFAULT_CONFIG_FILE) };
}

async function readAll(reader: LineReader): Promise<string> {
  const lines: string[] = [];
  for (let line = await reader.readLine(); line !== null; line = await reader.readLine()) {
    lines.push(`${line}\n`);
  }
  return lines.join("");
}

async function readFile(path: string): Promise<string> {
  try {
    return await Deno.readTextFile(path);
  } catch (error) {
    throw unreadable(path, error);
  }
}

async function openFile(path: string): Promise<AsyncIterable<Uint8Array>> {
  try {
    return (await Deno.open(path)).readable;
  } catch (error) {
    throw unreadable(path, error);
  }
}

function unreadable(path: string, error: unknown): Error {
  const why = error instanceof Deno.errors.NotFound
    ? "there is no such file"
    : error instanceof Deno.errors.NotCapable
    ? `the permission is missing, start with --allow-read=${path}`
    : error instanceof Error
    ? error.message
    : String(error);
  return new Error(`Cannot read "${path}": ${why}`, { cause: error });
}

function textWriter(stream: typeof Deno.stdout): TextWriter {
  const encoder = new TextEncoder();
  let closed = false;
  return {
    isTerminal: stream.isTerminal(),
    closed: () => closed,
    columns: () => terminalSize().columns,
    rows: () => terminalSize().rows,
    write(text) {
      let bytes = encoder.encode(text);
      try {
        while (!closed && bytes.length > 0) bytes = bytes.subarray(stream.writeSync(bytes));
      } catch (error) {
        // Whoever read has seen enough: `mirrorbits list | head`.
        if (!(error instanceof Deno.errors.BrokenPipe)) throw error;
        closed = true;
      }
    },
  };
}

function terminalSize(): { readonly columns: number; readonly rows: number } {
  try {
    return Deno.consoleSize();
  } catch {
    return { columns: 80, rows: 24 };
  }
}

function delay(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const end = (): void => {
      clearTimeout(timer);
      signal.removeEventListener("abort", end);
      resolve();
    };
    const timer = setTimeout(end, milliseconds);
    signal.addEventListener("abort", end);
  });
}

/** The proxies of the environment are for the world outside, not for the control API. */
function bypassProxy(hostname: string): void {
  const names = ["HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"];
  if (!names.some((name) => variable(name))) return;
  const others = variable("NO_PROXY") || variable("no_proxy");
  Deno.env.set("NO_PROXY", others ? `${others},${hostname}` : hostname);
}

function interruption(): Interruption {
  const aborter = new AbortController();
  const interrupt = (): void => aborter.abort(new DOMException("Interrupted", "AbortError"));
  Deno.addSignalListener("SIGINT", interrupt);
  return {
    signal: aborter.signal,
    [Symbol.dispose]: () => Deno.removeSignalListener("SIGINT", interrupt),
  };
}
