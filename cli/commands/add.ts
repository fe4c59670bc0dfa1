import type { AddMirrorJson } from "../../lib/control/api/mirror_schemas.ts";
import { defineCommand } from "../command.ts";
import { DocumentError } from "../document_error.ts";
import { listFlag, UsageError } from "../flags.ts";
import type { SettingChanges } from "../mirror_document.ts";
import { ASSIGNMENT_WORDS, givenSettings, SETTING_FLAGS } from "../setting_flags.ts";

/** `add`: a new mirror. */
export default defineCommand({
  name: "add",
  group: "client",
  usage: "[OPTIONS] IDENTIFIER",
  summary: "Add a new mirror",
  flags: {
    ...SETTING_FLAGS,
    set: listFlag("Any setting by its key; may be repeated", "Key=Value", ASSIGNMENT_WORDS),
  },
  operands: [1, 1],
  details: "A new mirror is disabled until it is enabled. Its place is looked up by its host.",
  examples: [
    [
      "mirrorbits add -http https://mirror.example/pub/ -rsync rsync://mirror.example/pub/ example",
      "a mirror that is scanned by rsync",
    ],
    ["mirrorbits scan -enable example", "then: scan it, and let it serve"],
    ["mirrorbits add -http mirror.example/pub/ example", "one that offers HTTP and HTTPS"],
    [
      "mirrorbits add -http cdn.example/pub/ -latitude 48.1 -longitude 11.6 -set CountryCodes=DE example",
      "one whose place cannot be looked up",
    ],
  ],
  run: async ({ flags, operands: [name = ""] }, { client, output }) => {
    const added = await client.add({ ...givenSettings(flags), ...await assigned(flags.set), name });
    output.write(locationText(added));
    output.line(`Mirror '${added.mirror.name}' added successfully`);
    output.line("Enable this mirror using");
    output.line(`  $ mirrorbits enable ${added.mirror.name}`);
    return 0;
  },
});

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
