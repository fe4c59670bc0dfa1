import { defineCommand } from "../command.ts";

/** `reload`: makes the daemon read its configuration again. */
export default defineCommand({
  name: "reload",
  group: "client",
  usage: "",
  summary: "Reload configuration",
  flags: {},
  operands: [0, 0],
  details: "When the new configuration has a mistake, the old one stays in force.",
  examples: [["mirrorbits reload", "after the configuration file was edited"]],
  run: async (_args, { client, output }) => {
    const { warnings } = await client.reload();
    for (const warning of warnings) output.errorLine(`Warning: ${warning}`);
    return 0;
  },
});
