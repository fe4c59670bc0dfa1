import { defineCommand } from "../command.ts";
import { confirm } from "../confirm.ts";
import { booleanFlag } from "../flags.ts";

/** `remove`: forgets a mirror and everything known about it. */
export default defineCommand({
  name: "remove",
  group: "client",
  usage: "IDENTIFIER",
  summary: "Remove a mirror",
  description: "Remove an existing mirror",
  flags: { f: booleanFlag("Never prompt for confirmation") },
  operands: [1, 1],
  run: async ({ flags, operands: [name = ""] }, context) => {
    const { client, output } = context;
    const { mirror, tag } = await client.match(name);
    const question = `Removing ${mirror.name}, are you sure? [y/N]`;
    if (!flags.f && !await confirm(question, false, context)) return 0;
    await client.remove(mirror.id, tag);
    output.line(`Mirror '${mirror.name}' removed successfully`);
    return 0;
  },
});
