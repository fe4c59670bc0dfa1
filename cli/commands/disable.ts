import { defineCommand } from "../command.ts";

/** `disable`: keeps a mirror from serving requests. */
export default defineCommand({
  name: "disable",
  group: "client",
  usage: "[IDENTIFIER]",
  summary: "Disable a mirror",
  flags: {},
  operands: [1, 1],
  completes: ["mirror"],
  examples: [["mirrorbits disable example", "keep it from serving"]],
  run: async ({ operands: [name = ""] }, { client, output }) => {
    const { mirror } = await client.match(name);
    await client.enable(mirror.id, false);
    output.line(`Mirror '${mirror.name}' disabled successfully`);
    return 0;
  },
});
