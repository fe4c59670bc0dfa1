import { SAMPLE_CONFIG } from "../../lib/config/sample.ts";
import { defineCommand } from "../command.ts";
import { UsageError } from "../flags.ts";

/** `config`: what there is to know about the configuration file. */
export default defineCommand({
  name: "config",
  group: "local",
  usage: "sample",
  summary: "Print a sample configuration",
  description: "Print a configuration file with every key at its default",
  examples: [["mirrorbits config sample > /etc/mirrorbits.conf", "start from the sample"]],
  flags: {},
  operands: [1, 1],
  completes: [["sample"]],
  run: ({ operands: [what = ""] }, { output }) => {
    if (what !== "sample") throw new UsageError(`Expected sample, found ${JSON.stringify(what)}`);
    output.write(SAMPLE_CONFIG);
    return Promise.resolve(0);
  },
});
