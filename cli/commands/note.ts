import { defineCommand } from "../command.ts";

/** `note`: a line of the operator's own in the log of a mirror. */
export default defineCommand({
  name: "note",
  group: "client",
  usage: "[IDENTIFIER] [TEXT]",
  summary: "Put a line into the logs of a mirror",
  flags: {},
  operands: [2, Infinity],
  completes: ["mirror"],
  examples: [['mirrorbits note example "New disks since today"', "for those who read its logs"]],
  run: async ({ operands: [name = "", ...words] }, { client, output }) => {
    const { mirror } = await client.match(name);
    await client.note(mirror.id, words.join(" "));
    output.line(`Noted for mirror '${mirror.name}'`);
    return 0;
  },
});
