import { defineCommand } from "../command.ts";
import { booleanFlag } from "../flags.ts";
import { formatTable } from "../terminal/table.ts";

/** `nodes`: who works on the store. */
export default defineCommand({
  name: "nodes",
  group: "client",
  usage: "",
  summary: "List the nodes of the cluster",
  description: "Show who works on the same store, and which mirrors each scans and checks",
  flags: { json: booleanFlag("Print everything as JSON") },
  operands: [0, 0],
  details:
    "A node that has not been heard for five seconds has left; the others share its mirrors.\n" +
    "With the embedded store there is one.",
  examples: [["mirrorbits nodes", "whether all are there"]],
  run: async ({ flags }, { client, output }) => {
    const answer = await client.nodes();
    if (flags.json) {
      output.json(answer);
      return 0;
    }
    const rows = answer.nodes.map(({ name, self, mirrors }) => [
      `${name}${self ? " *" : ""}`,
      `${mirrors.length}`,
      output.columns === Infinity ? mirrors.join(" ") : someNames(mirrors),
    ]);
    await output.prose(await formatTable([["NODE", "MIRRORS", "NAMES"], ...rows], output.columns));
    return 0;
  },
});

/** Names that a terminal shows of each node; `-json` has all. */
const MOST_NAMES = 5;

function someNames(names: readonly string[]): string {
  const more = names.length - MOST_NAMES;
  return names.slice(0, MOST_NAMES).join(" ") + (more > 0 ? ` and ${more} more` : "");
}
