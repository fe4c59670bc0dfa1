import { defineCommand } from "../command.ts";

/** `upgrade`: lets the program as it is on disk now take over from the daemon. */
export default defineCommand({
  name: "upgrade",
  group: "client",
  usage: "",
  summary: "Seamless binary upgrade",
  details: "Install the new version first, then call this. Requests that are under way are\n" +
    "finished, and none is refused. When the new version does not start, the running\n" +
    "daemon goes on.",
  examples: [["mirrorbits upgrade && mirrorbits version", "upgrade, and see what runs now"]],
  flags: {},
  operands: [0, 0],
  run: async (_args, { client, output }) => {
    const { pid } = await client.upgrade();
    output.line(`Upgraded: process ${pid} has taken over`);
    return 0;
  },
});
