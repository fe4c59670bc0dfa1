import type { MirrorJson } from "../../lib/control/api/mirror_schemas.ts";
import { ControlClientError } from "../../lib/control/control_client_error.ts";
import { type CommandContext, defineCommand } from "../command.ts";
import { confirm } from "../confirm.ts";
import { booleanFlag, UsageError } from "../flags.ts";
import { showMeanwhile } from "../meanwhile.ts";

/** How a mirror is looked up. */
interface Manner {
  /** Nobody is asked. */
  readonly forced: boolean;
  /** Countries, continent and AS stay as they are. */
  readonly onlyPosition: boolean;
}

/** What came of it. */
type Outcome = "changed" | "kept" | "failed";

/** `geoupdate`: looks the place of mirrors up again. */
export default defineCommand({
  name: "geoupdate",
  group: "client",
  usage: "[OPTIONS] [IDENTIFIER]",
  summary: "Update geolocation of a mirror",
  flags: {
    f: booleanFlag("Never prompt for confirmation"),
    all: booleanFlag("All mirrors, one after the other"),
    "only-position": booleanFlag("Only latitude and longitude: countries, continent and AS stay"),
  },
  operands: [0, 1],
  completes: ["mirror"],
  details: "Shows what the GeoIP databases say now and asks before it is stored.",
  examples: [
    ["mirrorbits geoupdate -f example", "without a question"],
    [
      "mirrorbits geoupdate -all -only-position",
      "after a better database, with what was set by hand",
    ],
  ],
  run: async ({ flags, operands: [name] }, context) => {
    const manner = { forced: flags.f, onlyPosition: flags["only-position"] };
    if (flags.all && name !== undefined) {
      throw new UsageError("Either a mirror or -all, not both");
    }
    if (flags.all) return await updateAll(manner, context);
    if (name === undefined) throw new UsageError("Missing argument: IDENTIFIER, or -all");
    return await update(name, manner, context) === "failed" ? 1 : 0;
  },
});

async function updateAll(manner: Manner, context: CommandContext): Promise<number> {
  const { client, output } = context;
  const names = (await client.list()).map((mirror) => mirror.name).sort();
  const counts = { changed: 0, kept: 0, failed: 0 };
  for (const name of names) {
    output.line(`${name}:`);
    try {
      counts[await update(name, manner, context)]++;
    } catch (error) {
      // Of one that was removed, or whose host has no address, the others know nothing.
      if (!(error instanceof ControlClientError) || error.code === "connection") throw error;
      output.error(error.message);
      counts.failed++;
    }
  }
  const failures = counts.failed > 0 ? `, ${counts.failed} failed` : "";
  output.line(`${counts.changed} of ${names.length} mirrors updated${failures}`);
  return counts.failed > 0 ? 1 : 0;
}

async function update(
  name: string,
  { forced, onlyPosition }: Manner,
  context: CommandContext,
): Promise<Outcome> {
  const { client, output } = context;
  const { mirror, tag } = await client.match(name);
  if (mirror.global) {
    output.line(`${mirror.name} has no place (Global): there is nothing to look up`);
    return "kept";
  }
  const { location, warnings, settings } = await client.location(mirror.id);
  for (const warning of warnings) await output.prose(`Warning: ${warning}\n`);
  if (!location) {
    // That is no reason to forget the place that was known.
    output.error(`The place of ${mirror.name} cannot be found, it stays as it was`);
    return "failed";
  }
  const { differences, formatDifference } = await import("../mirror_document.ts");
  const { latitude, longitude } = location;
  const wanted: Partial<MirrorJson> = onlyPosition ? { latitude, longitude } : settings;
  const changes = differences(mirror, { ...mirror, ...wanted });
  if (Object.keys(changes).length === 0) {
    output.line("Geolocation is up to date, there is nothing to change.");
    return "kept";
  }
  output.line(formatDifference(mirror, changes));
  const question = `Update mirror ${mirror.name}? [y/N]`;
  if (!forced && !await confirm(question, false, context)) return "kept";
  try {
    await client.edit(mirror.id, changes, tag);
  } catch (error) {
    if (await showMeanwhile(error, mirror, "Nothing was changed", context)) return "failed";
    throw error;
  }
  output.line(`Mirror '${mirror.name}' updated successfully`);
  return "changed";
}
