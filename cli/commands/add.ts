import type { AddMirrorJson, MirrorJson } from "../../lib/control/api/mirror_schemas.ts";
import { type CommandContext, defineCommand } from "../command.ts";
import { DocumentError } from "../document_error.ts";
import { booleanFlag, listFlag, UsageError } from "../flags.ts";
import type { SettingChanges } from "../mirror_document.ts";
import { scanOne } from "../mirror_scans.ts";
import { ASSIGNMENT_WORDS, givenSettings, SETTING_FLAGS } from "../setting_flags.ts";

/** `add`: a new mirror. */
export default defineCommand({
  name: "add",
  group: "client",
  usage: "[OPTIONS] IDENTIFIER",
  summary: "Add a new mirror",
  flags: {
    ...SETTING_FLAGS,
    enable: booleanFlag("Let it serve; with -scan once the scan is successful"),
    scan: booleanFlag("Scan it at once"),
    set: listFlag("Any setting by its key; may be repeated", "Key=Value", ASSIGNMENT_WORDS),
  },
  operands: [1, 1],
  details: "A new mirror is disabled until it is enabled. Its place is looked up by its host.\n" +
    "With -scan the exit status is that of the scan; the mirror stays added if that fails.",
  examples: [
    [
      "mirrorbits add -scan -enable -http https://mirror.example/pub/ -rsync rsync://mirror.example/pub/ example",
      "a mirror that is scanned by rsync, and then serves",
    ],
    ["mirrorbits add -http mirror.example/pub/ example", "one that offers HTTP and HTTPS"],
    [
      "mirrorbits add -http cdn.example/pub/ -latitude 48.1 -longitude 11.6 -set CountryCodes=DE example",
      "one whose place cannot be looked up",
    ],
  ],
  check: ({ flags }) => {
    if (givenSettings(flags).httpUrl === undefined && flags.set.length === 0) {
      throw new UsageError("You *must* pass at least an HTTP URL: -http URL");
    }
  },
  run: async ({ flags, operands: [name = ""] }, context) => {
    const { client, output } = context;
    const added = await client.add({ ...givenSettings(flags), ...await assigned(flags.set), name });
    const { mirror } = added;
    await output.prose(locationText(added));
    output.line(`Mirror '${mirror.name}' added successfully`);
    if (flags.scan) return await firstScan(mirror, flags.enable, context);
    if (flags.enable) await client.enable(mirror.id, true);
    output.line(
      flags.enable || mirror.enabled
        ? `Mirror '${mirror.name}' enabled successfully`
        : `Enable this mirror using\n  $ mirrorbits enable ${mirror.name}`,
    );
    return 0;
  },
});

/** The scan that `-scan` asks for; a failure says how to go on with the mirror that is there now. */
async function firstScan(
  mirror: MirrorJson,
  enable: boolean,
  context: CommandContext,
): Promise<number> {
  const request = { protocol: null, full: false, enable, timeout: null } as const;
  const status = await scanOne(mirror, request, context);
  if (status !== 0) {
    const { name, enabled } = mirror;
    context.output.errorLine(
      `'${name}' is added${enabled ? " and enabled" : ", but disabled"}. When it is mended:\n` +
        `  $ mirrorbits scan ${enabled ? "" : "-enable "}${name}`,
    );
  }
  return status;
}

async function assigned(assignments: readonly string[]): Promise<SettingChanges> {
  if (assignments.length === 0) return {};
  const { readAssignments } = await import("../mirror_document.ts");
  try {
    const values = [...readAssignments(assignments)];
    return Object.fromEntries(values.map(([{ property }, value]) => [property, value]));
  } catch (error) {
    if (error instanceof DocumentError) throw new UsageError(error.message);
    throw error;
  }
}

function locationText({ location, warnings }: AddMirrorJson): string {
  const lines = warnings.map((warning) => `Warning: ${warning}\n`);
  if (location) {
    const { latitude, longitude, continentCode, country, countryCode, asName, asNumber } = location;
    lines.push("Mirror location:\n");
    lines.push(`Latitude:  ${latitude}\n`, `Longitude: ${longitude}\n`);
    lines.push(`Continent: ${continentCode}\n`, `Country:   ${country || countryCode}\n`);
    if (asNumber !== 0) lines.push(`ASN:       ${asName} (${asNumber})\n`);
  }
  return lines.length === 0 ? "" : `${lines.join("")}\n`;
}
