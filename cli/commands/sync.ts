import { defineCommand } from "../command.ts";
import { unsignedFlag } from "../flags.ts";
import { scanAll } from "../mirror_scans.ts";
import { scanSource } from "../source_scan.ts";
import { showWarnings } from "../warnings.ts";

/** `sync`: has the daemon learn now what the source and then mirrors have. */
export default defineCommand({
  name: "sync",
  group: "client",
  usage: "[OPTIONS] [IDENTIFIER...]",
  summary: "Scan the source, then mirrors",
  description: "Scan the local repository, then mirrors in this order, and wait for all of it",
  details:
    "Without an IDENTIFIER: every mirror that is enabled, in the order in which they were added.\n" +
    "A scan that is running is waited for: it may have begun before. Ctrl-C stops it in the daemon, too.\n" +
    "A mirror that fails does not stop the others; the exit status is 1 then.",
  examples: [
    ["mirrorbits sync", "after a publish: source, then all mirrors"],
    ["mirrorbits sync near far", "these two, in this order"],
  ],
  flags: { timeout: unsignedFlag("Timeout of each mirror in seconds") },
  operands: [0, 1000],
  completes: ["mirror", "mirror", "mirror", "mirror"],
  run: async ({ flags: { timeout }, operands }, context) => {
    const { client, output } = context;
    // Whoever is named wrongly is told so before anything begins.
    const named = [];
    for (const name of operands) named.push((await client.match(name)).mirror);
    const everything = { force: false, rehash: false, prunePieces: false, forgetRevisions: null };
    const outcome = await scanSource(everything, context, true);
    if (outcome === null) return 1;
    showWarnings(output, outcome.warnings);
    const mirrors = operands.length > 0
      ? named
      : (await client.list()).filter(({ enabled, wholeTree }) => enabled && !wholeTree)
        .sort((a, b) => a.id - b.id);
    const request = {
      ...{ protocol: null, full: false, enable: false },
      timeout: timeout === 0 ? null : timeout,
    };
    return await scanAll(mirrors, request, context, true);
  },
});
