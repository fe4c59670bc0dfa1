import { defineCommand } from "../command.ts";
import { confirm } from "../confirm.ts";
import { booleanFlag } from "../flags.ts";
import { showMeanwhile } from "../meanwhile.ts";

/** `remove`: forgets a mirror and everything known about it. */
export default defineCommand({
  name: "remove",
  group: "client",
  usage: "IDENTIFIER",
  summary: "Remove a mirror",
  description: "Remove an existing mirror",
  flags: { f: booleanFlag("Never prompt for confirmation") },
  operands: [1, 1],
  completes: ["mirror"],
  details: "Its files, its events and its scans are forgotten; its downloads stay counted.",
  examples: [["mirrorbits remove -f example", "without a question, for scripts"]],
  run: async ({ flags, operands: [name = ""] }, context) => {
    const { client, output } = context;
    const { mirror, tag } = await client.match(name);
    const question = `Removing ${mirror.name}, are you sure? [y/N]`;
    if (!flags.f && !await confirm(question, false, context)) return 0;
    try {
      await client.remove(mirror.id, tag);
    } catch (error) {
      if (await showMeanwhile(error, mirror, "Nothing was removed", context)) return 1;
      throw error;
    }
    output.line(`Mirror '${mirror.name}' removed successfully`);
    return 0;
  },
});
