import { defineCommand } from "../command.ts";

/** `release`: ends that a path is held back. */
export default defineCommand({
  name: "release",
  group: "client",
  usage: "PATH",
  summary: "Release a path that is held back",
  description: "Serve a path that is held back to everyone, on all nodes at once",
  examples: [["mirrorbits release /releases/5.0/", "it is there from now on"]],
  flags: {},
  operands: [1, 1],
  run: async ({ operands: [path = ""] }, { client, output }) => {
    if (await client.release(path)) {
      output.line(`Released: ${path}`);
      return 0;
    }
    output.error(`${path} is not held`, 'What is: "mirrorbits hold"');
    return 1;
  },
});
