import type { CheckedJson } from "../../lib/control/api/check_schemas.ts";
import { defineCommand } from "../command.ts";
import { booleanFlag } from "../flags.ts";

type Weight = CheckedJson["findings"][number]["weight"];

const WORDS: Readonly<Record<Weight, string>> = { mend: "mend", advice: "advice", good: "ok" };

/** `check`: what is to be mended before a server can be a mirror. */
export default defineCommand({
  name: "check",
  group: "client",
  usage: "URL",
  summary: "Look at a server that may become a mirror",
  description: "Tell what must be mended before a server can be added as a mirror",
  flags: { json: booleanFlag("Print everything as JSON") },
  operands: [1, 1],
  details:
    "The daemon looks at its addresses, asks for the newest and the largest file of the source and\n" +
    "some others, and compares sizes and times. Nothing is stored. The exit status is 1 when\n" +
    "something has to be mended.",
  examples: [["mirrorbits check https://mirror.example.org/pub/", "before it is added"]],
  run: async ({ flags: { json }, operands: [url = ""] }, { client, output }) => {
    const checked = await client.checkUrl(url);
    if (json) {
      output.json(checked);
    } else {
      output.line(checked.url);
      for (const { weight, text } of checked.findings) {
        await output.prose(`  ${WORDS[weight].padEnd(8)}${text}\n`, " ".repeat(10));
      }
      output.line(
        checked.suitable ? "It can be added." : "Mend that before it is added.",
      );
    }
    return checked.suitable ? 0 : 1;
  },
});
