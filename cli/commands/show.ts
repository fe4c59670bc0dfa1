import { defineCommand } from "../command.ts";
import { booleanFlag } from "../flags.ts";
import { awayText } from "../list_for_people.ts";

/** `show`: the configuration of a mirror. */
export default defineCommand({
  name: "show",
  group: "client",
  usage: "[IDENTIFIER]",
  summary: "Print a mirror configuration",
  flags: { json: booleanFlag("Print everything as JSON, with the state") },
  operands: [1, 1],
  completes: ["mirror"],
  examples: [
    ["mirrorbits show example", "as YAML, the form that edit opens"],
    ["mirrorbits show -json example | jq .lastSuccessfulSync", "one fact for a script"],
  ],
  run: async ({ flags, operands: [name = ""] }, { client, output }) => {
    const { mirror, asOf } = await client.lookUp(name);
    if (asOf !== null) output.errorLine(awayText(asOf));
    if (flags.json) {
      output.json(mirror);
      return 0;
    }
    const { formatSettings } = await import("../mirror_document.ts");
    output.write(formatSettings(mirror));
    output.line(`\nComment:\n${mirror.comment}`);
    return 0;
  },
});
