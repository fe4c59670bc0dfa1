import { defineCommand } from "../command.ts";
import { booleanFlag, stringFlag } from "../flags.ts";

/** What the server is started with; `null`: not given. */
export interface DaemonOptions {
  readonly configFile: string | null;
  /** Write more to the log. */
  readonly debug: boolean;
  /** Scan and check mirrors; false: only answer requests. */
  readonly monitor: boolean;
  readonly logFile: string | null;
  readonly pidFile: string | null;
  /** Overrides the configuration's Repository. */
  readonly repository: string | null;
  /** Overrides the configuration's ListenAddress. */
  readonly listen: string | null;
}

/** `daemon`: the server. */
export default defineCommand({
  name: "daemon",
  group: "server",
  usage: "[OPTIONS]",
  summary: "Start the server",
  flags: {
    config: stringFlag("Path to the configuration file (/etc/mirrorbits.conf if it exists)"),
    debug: booleanFlag("Write more to the log"),
    listen: stringFlag("Address to listen on: [host]:port or unix:PATH"),
    log: stringFlag("File for the log (standard error if not given)"),
    monitor: booleanFlag("Scan and check the mirrors", true),
    p: stringFlag("Path to the PID file"),
    repository: stringFlag("Path to the source repository"),
  },
  operands: [0, 0],
  run: async ({ flags }, { runDaemon }) =>
    await runDaemon({
      configFile: flags.config || null,
      debug: flags.debug,
      monitor: flags.monitor,
      logFile: flags.log || null,
      pidFile: flags.p || null,
      repository: flags.repository || null,
      listen: flags.listen || null,
    }),
});
