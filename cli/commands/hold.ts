import { formatLogTime } from "../terminal/format_time.ts";
import { defineCommand } from "../command.ts";
import { booleanFlag, stringFlag, UsageError } from "../flags.ts";

/** `hold`: keeps a path back until it is released. */
export default defineCommand({
  name: "hold",
  group: "client",
  usage: "[OPTIONS] [PATH]",
  summary: "Hold a path back until its release",
  description: "Answer 404 for a path and all that is below it, on all nodes, until it is released",
  details: "It stops redirects, not mirrors: who knows a mirror finds there what it has.\n" +
    "Without a PATH: what is held. More: mirrorbits help content",
  examples: [
    ["mirrorbits hold /releases/5.0/", "before the upload"],
    ["mirrorbits hold -for 192.0.2.0/24,2001:db8::/32 /releases/5.0/", "testers get it"],
    ["mirrorbits release /releases/5.0/", "for everyone, on all nodes at once"],
  ],
  flags: {
    for: stringFlag("Networks whose clients get it all the same, with commas between them"),
    json: booleanFlag("Print JSON"),
  },
  operands: [0, 1],
  run: async ({ flags, operands: [path] }, { client, output }) => {
    const networks = flags.for.split(/[\s,]+/).filter((one) => one !== "");
    if (path === undefined) {
      if (networks.length > 0) throw new UsageError("-for needs a PATH");
      const holds = await client.holds();
      if (flags.json) output.json({ holds });
      else if (holds.length === 0) output.line("Nothing is held");
      else {for (const { path, since, networks } of holds) {
          output.line(lineOf(path, networks, since));
        }}
      return 0;
    }
    const held = await client.hold(path, networks);
    if (flags.json) output.json(held);
    else {
      output.line(`Held: ${lineOf(held.path, held.networks, held.since)}`);
      output.line("Mirrors that have it serve it to whoever asks them: only redirects stop");
    }
    return 0;
  },
});

function lineOf(path: string, networks: readonly string[], since: string): string {
  const open = networks.length === 0 ? "" : `, but for ${networks.join(", ")}`;
  return `${path} since ${formatLogTime(since)}${open}`;
}
