import { ConfigError } from "../../lib/config/config_error.ts";
import { SAMPLE_CONFIG } from "../../lib/config/sample.ts";
import { type CommandContext, defineCommand } from "../command.ts";
import { DAEMON_FLAGS } from "../daemon_flags.ts";
import { UsageError } from "../flags.ts";

/** `config`: what there is to know about the configuration file. */
export default defineCommand({
  name: "config",
  group: "local",
  usage: "[OPTIONS] sample|check",
  summary: "Print a sample configuration, check one",
  description: "Print a configuration file with every key at its default, or check one",
  details:
    "A check reads the file and the environment as the daemon would, names everything that\n" +
    "is wrong with its line, and fails if the daemon could not start with it.",
  examples: [
    ["mirrorbits config sample > /etc/mirrorbits.conf", "start from the sample"],
    ["mirrorbits config check -config new.conf && mirrorbits reload", "before a reload"],
  ],
  flags: { config: DAEMON_FLAGS.config },
  operands: [1, 1],
  completes: [["sample", "check"]],
  run: async ({ flags, operands: [what = ""] }, context) => {
    if (what === "check") return await check(flags.config, context);
    if (what !== "sample") {
      throw new UsageError(`Expected sample or check, found ${JSON.stringify(what)}`);
    }
    context.output.write(SAMPLE_CONFIG);
    return 0;
  },
});

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
