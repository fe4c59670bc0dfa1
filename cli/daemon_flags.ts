import { fileFlag, type FlagValues, stringFlag } from "./flags.ts";

/** The options of the server that say where things are; other commands take them to mean the same. */
export const DAEMON_FLAGS = {
  config: fileFlag("Path to the configuration file (/etc/mirrorbits.conf if it exists)"),
  listen: stringFlag("Address to listen on: [host]:port or unix:PATH"),
  log: fileFlag("File for the log (standard error if not given)"),
  p: fileFlag("Path to the PID file"),
  repository: fileFlag("Path to the source repository"),
};

/** What these options say. */
export type DaemonFlags = FlagValues<typeof DAEMON_FLAGS>;
