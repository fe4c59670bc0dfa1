import type { VersionInfo } from "../../lib/control/api/daemon_schemas.ts";
import { versionInfo } from "../../lib/control/version_info.ts";
import { VERSION } from "../../lib/version.ts";
import { defineCommand } from "../command.ts";
import { booleanFlag } from "../flags.ts";

/** `version`: what this program and the daemon are. */
export default defineCommand({
  name: "version",
  group: "client",
  usage: "",
  summary: "Print version information",
  flags: { json: booleanFlag("Print the facts as JSON") },
  operands: [0, 0],
  examples: [["mirrorbits version", "this program and the daemon"]],
  run: async ({ flags }, { client, output }) => {
    const own = versionInfo(VERSION);
    // What this program is can be told even where no daemon answers.
    if (!flags.json) output.write(`Client:\n${versionText(own)}\n`);
    const server = await client.version();
    if (flags.json) output.json({ client: own, server });
    else output.write(`Server:\n${versionText(server)}`);
    return 0;
  },
});

function versionText({ version, deno, v8, os, architecture, cpus }: VersionInfo): string {
  const facts = {
    "Version:": `v${version}`,
    "Deno:": deno,
    "V8:": v8,
    "Operating System:": os,
    "Architecture:": architecture,
    "CPUs:": `${cpus}`,
  };
  return Object.entries(facts).map(([name, fact]) => ` ${name.padEnd(17)} ${fact}\n`).join("");
}
