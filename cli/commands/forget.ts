import { defineCommand } from "../command.ts";

/** `forget`: ends at once that mirrors serve a file which left the repository. */
export default defineCommand({
  name: "forget",
  group: "client",
  usage: "PATH",
  summary: "Stop serving a file that left",
  description: "Stop at once to serve a file that left the repository, which KeepRemoved keeps",
  details: "For a file that was taken back. Copies on mirrors stay where they are.",
  examples: [["mirrorbits forget /pool/app-1.2.iso", "it is 404 from now on, on every node"]],
  flags: {},
  operands: [1, 1],
  run: async ({ operands: [path = ""] }, { client, output }) => {
    if (await client.forget(path)) {
      output.line(`Forgotten: ${path}`);
      return 0;
    }
    output.error(`Nothing is kept of ${path}`, "It never left, or not within KeepRemoved.");
    return 1;
  },
});
