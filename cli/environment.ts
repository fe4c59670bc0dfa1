import type { Clock } from "../lib/clock/clock.ts";
import type { LoadedConfig } from "../lib/config/load_config.ts";
import type { DaemonOptions } from "../lib/daemon/options.ts";
import type { DaemonFlags } from "./daemon_flags.ts";
import type { Output } from "./terminal/output.ts";

/** A configuration, and where it came from. */
export interface FoundConfig extends LoadedConfig {
  /** Absolute path of the file that was read, or looked for. */
  readonly configFile: string;
}

/** A signal that is aborted when the user interrupts the program; listens until disposed of. */
export interface Interruption extends Disposable {
  readonly signal: AbortSignal;
}

/** Everything outside the program that its commands touch. */
export interface Environment {
  readonly output: Output;
  /** Whether somebody types. */
  readonly inputIsTerminal: boolean;
  /** Reads a line from standard input, without its end; `null` at the end of input. */
  readonly readLine: () => Promise<string | null>;
  /** Asks for a line that is not shown; `null` when none came. */
  readonly readSecret: (prompt: string) => Promise<string | null>;
  /** Reads a variable of the environment. */
  readonly variable: (name: string) => string | undefined;
  readonly fetch: typeof globalThis.fetch;
  /** Makes sure that connections to a host go there, whatever proxies are set. */
  readonly bypassProxy: (hostname: string) => void;
  /** Starts to listen to the user's interrupt. */
  readonly interruption: () => Interruption;
  /**
   * Opens a text in the user's editor.
   *
   * @returns the text as it was left
   * @throws {EditorError}
   */
  readonly edit: (text: string) => Promise<string>;
  /**
   * Reads a whole text file; `-` is standard input.
   *
   * @throws {Error} with a sentence for the user
   */
  readonly readText: (path: string) => Promise<string>;
  /**
   * Opens a file to be read piece by piece; `-` is standard input.
   *
   * @throws {Error} with a sentence for the user
   */
  readonly openFile: (path: string) => Promise<AsyncIterable<Uint8Array>>;
  /** The command that runs this program: a path, and arguments that come before its own. */
  readonly program: readonly string[];
  /** Directory of this program's own files; `null`: they are all in the executable. */
  readonly sources: string | null;
  /** Makes a path absolute, from the working directory. */
  readonly absolutePath: (path: string) => string;
  /** Follows every link of a path; a path that does not exist stays as it is. */
  readonly realPath: (path: string) => Promise<string>;
  /**
   * Reads the configuration as the daemon would with these options.
   *
   * @throws {ConfigError}
   */
  readonly readConfig: (flags: DaemonFlags) => Promise<FoundConfig>;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Waits so many milliseconds, or until the signal is aborted, which is no error. */
  readonly delay: (milliseconds: number, signal: AbortSignal) => Promise<void>;
  /** Does something later, unless it is disposed of before. */
  readonly after: Clock["after"];
  /** Runs the server until it ends. @returns its exit code */
  readonly runDaemon: (options: DaemonOptions) => Promise<number>;
}
