import { defineCommand } from "../command.ts";
import { DAEMON_FLAGS } from "../daemon_flags.ts";
import { booleanFlag } from "../flags.ts";

/** `daemon`: the server. */
export default defineCommand({
  name: "daemon",
  group: "server",
  usage: "[OPTIONS]",
  summary: "Start the server",
  flags: {
    ...DAEMON_FLAGS,
    debug: booleanFlag("Write more to the log"),
    monitor: booleanFlag("Scan and check the mirrors", true),
  },
  operands: [0, 0],
  details: "Every key of the configuration can also be given in the environment:\n" +
    "MIRRORBITS_LISTEN_ADDRESS for ListenAddress.",
  examples: [
    ["mirrorbits daemon -repository /srv/files", "with no configuration file"],
    ["mirrorbits daemon -config /etc/mirrorbits.conf", "with one"],
  ],
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
