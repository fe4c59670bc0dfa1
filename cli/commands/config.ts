import { ConfigError } from "../../lib/config/config_error.ts";
import { SAMPLE_CONFIG } from "../../lib/config/sample.ts";
import { type CommandContext, defineCommand } from "../command.ts";
import { DAEMON_FLAGS } from "../daemon_flags.ts";
import { UsageError } from "../flags.ts";

/** What can be printed, by its word. */
const PRINTED = {
  sample: () => Promise.resolve(SAMPLE_CONFIG),
  alerts: async () => (await import("../alert_rules.ts")).ALERT_RULES,
  grafana: async () =>
    `${JSON.stringify((await import("../grafana_board.ts")).grafanaBoard(), null, 2)}\n`,
} as const;

/** `config`: what there is to know about the configuration file. */
export default defineCommand({
  name: "config",
  group: "local",
  usage: "[OPTIONS] sample|check|alerts|grafana",
  summary: "Print a sample configuration and what goes with it, check one",
  description: "Print a configuration file with every key at its default, or check one",
  details:
    "A check reads the file and the environment as the daemon would, names everything that\n" +
    "is wrong with its line, and fails if the daemon could not start with it.\n" +
    "alerts are rules for Prometheus over the metrics, grafana is a board (help monitoring).",
  examples: [
    ["mirrorbits config sample > /etc/mirrorbits.conf", "start from the sample"],
    ["mirrorbits config check -config new.conf && mirrorbits reload", "before a reload"],
    ["mirrorbits config alerts > /etc/prometheus/mirrorbits.rules.yml", "be told of trouble"],
  ],
  flags: { config: DAEMON_FLAGS.config },
  operands: [1, 1],
  completes: [["check", ...Object.keys(PRINTED)]],
  run: async ({ flags, operands: [what = ""] }, context) => {
    if (what === "check") return await check(flags.config, context);
    if (!isPrinted(what)) {
      const words = ["check", ...Object.keys(PRINTED)].join(", ");
      throw new UsageError(`Expected one of ${words}; found ${JSON.stringify(what)}`);
    }
    context.output.write(await PRINTED[what]());
    return 0;
  },
});

function isPrinted(what: string): what is keyof typeof PRINTED {
  return Object.hasOwn(PRINTED, what);
}

async function check(
  config: string,
  { output, readConfig }: Pick<CommandContext, "output" | "readConfig">,
): Promise<number> {
  try {
    const { configFile, warnings } = await readConfig({
      config,
      ...{ listen: "", log: "", p: "", repository: "" },
    });
    for (const warning of warnings) output.errorLine(`Warning: ${warning}`);
    output.line(`${configFile}: the daemon can start with it`);
    return 0;
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    for (const problem of error.problems) output.error(problem);
    return 1;
  }
}
