import type { Cutter, Steering } from "../http/threads/steering.ts";
import type { DescriptorCounter } from "../upgrade/descriptors.ts";
import type { Log } from "../log/log.ts";

/** What the command line says about the daemon. */
export interface DaemonOptions {
  /** Path given with `-config`; `null`: the default file if there is one. */
  readonly configFile: string | null;
  /** Whether the runtime log shows debug messages. */
  readonly debug: boolean;
  /** Whether this node scans and checks mirrors on schedule. */
  readonly monitor: boolean;
  /** File of the runtime log; `null`: standard error. */
  readonly logFile: string | null;
  /** File of the process ID; `null`: the default one. */
  readonly pidFile: string | null;
  /** Goes before the key Repository. */
  readonly repository: string | null;
  /** Goes before the key ListenAddress. */
  readonly listen: string | null;
}

/** The process that the daemon runs in, where that is not this thread's own. */
export interface DaemonProcess {
  /** Its environment. Default: as much as may be read. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Ends it at once. Default: `Deno.exit`. */
  readonly exit?: (code: number) => void;
  /** The program that an upgrade starts. Default: the one that runs, as it is named at the start. */
  readonly executable?: string;
  /** Makes what steers connections. Default: a thread of its own, which this one starts. */
  readonly steering?: (log: Log) => Steering & Cutter & DescriptorCounter & Disposable;
}
