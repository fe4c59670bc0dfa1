import { defineCommand } from "../command.ts";
import { confirm } from "../confirm.ts";
import { booleanFlag } from "../flags.ts";
import { showMeanwhile } from "../meanwhile.ts";

/** `geoupdate`: looks the place of a mirror up again. */
export default defineCommand({
  name: "geoupdate",
  group: "client",
  usage: "[IDENTIFIER]",
  summary: "Update geolocation of a mirror",
  flags: { f: booleanFlag("Never prompt for confirmation") },
  operands: [1, 1],
  completes: ["mirror"],
  details: "Shows what the GeoIP databases say now and asks before it is stored.",
  examples: [["mirrorbits geoupdate -f example", "without a question"]],
  run: async ({ flags, operands: [name = ""] }, context) => {
    const { client, output } = context;
    const { mirror, tag } = await client.match(name);
    if (mirror.global) {
      output.line(`${mirror.name} has no place (Global): there is nothing to look up`);
      return 0;
    }
    const { location, warnings, settings } = await client.location(mirror.id);
    for (const warning of warnings) output.line(`Warning: ${warning}`);
    if (!location) {
      // That is no reason to forget the place that was known.
      output.error(`The place of ${mirror.name} cannot be found, it stays as it was`);
      return 1;
    }
    const { differences, formatDifference } = await import("../mirror_document.ts");
    const changes = differences(mirror, { ...mirror, ...settings });
    if (Object.keys(changes).length === 0) {
      output.line("Geolocation is up to date, there is nothing to change.");
      return 0;
    }
    output.line(formatDifference(mirror, changes));
    const question = `Update mirror ${mirror.name}? [y/N]`;
    if (!flags.f && !await confirm(question, false, context)) return 0;
    try {
      await client.edit(mirror.id, changes, tag);
    } catch (error) {
      if (await showMeanwhile(error, mirror, "Nothing was changed", context)) return 1;
      throw error;
    }
    output.line(`Mirror '${mirror.name}' updated successfully`);
    return 0;
  },
});
