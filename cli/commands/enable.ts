import { defineCommand } from "../command.ts";

/** `enable`: lets a mirror serve requests. */
export default defineCommand({
  name: "enable",
  group: "client",
  usage: "[IDENTIFIER]",
  summary: "Enable a mirror",
  flags: {},
  operands: [1, 1],
  completes: ["mirror"],
  examples: [["mirrorbits enable example", "let it serve"]],
  run: async ({ operands: [name = ""] }, { client, output }) => {
    const { mirror } = await client.match(name);
    await client.enable(mirror.id, true);
    output.line(`Mirror '${mirror.name}' enabled successfully`);
    return 0;
  },
});
