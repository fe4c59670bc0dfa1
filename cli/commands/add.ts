import type { AddMirrorJson } from "../../lib/control/api/mirror_schemas.ts";
import { defineCommand } from "../command.ts";
import { booleanFlag, integerFlag, stringFlag } from "../flags.ts";

/** `add`: a new mirror. */
export default defineCommand({
  name: "add",
  group: "client",
  usage: "[OPTIONS] IDENTIFIER",
  summary: "Add a new mirror",
  flags: {
    "admin-email": stringFlag("Admin's email"),
    "admin-name": stringFlag("Admin's name"),
    "as-only": booleanFlag("The mirror should only handle clients in the same AS number"),
    comment: stringFlag("Comment"),
    "continent-only": booleanFlag("The mirror should only handle its continent"),
    "country-only": booleanFlag("The mirror should only handle its country"),
    "custom-data": stringFlag(
      "Associated data to return when the mirror is selected (i.e. json document)",
    ),
    ftp: stringFlag("FTP base URL (for scanning only)"),
    http: stringFlag("HTTP base URL; without http:// or https:// both are offered"),
    rsync: stringFlag("RSYNC base URL (for scanning only)"),
    score: integerFlag("Weight to give to the mirror during selection"),
    "sponsor-logo": stringFlag("URL of a logo to display for this mirror"),
    "sponsor-name": stringFlag("Name of the sponsor"),
    "sponsor-url": stringFlag("URL of the sponsor"),
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
  ],
  run: async ({ flags, operands: [name = ""] }, { client, output }) => {
    const added = await client.add({
      name,
      httpUrl: flags.http,
      rsyncUrl: flags.rsync,
      ftpUrl: flags.ftp,
      sponsorName: flags["sponsor-name"],
      sponsorUrl: flags["sponsor-url"],
      sponsorLogoUrl: flags["sponsor-logo"],
      adminName: flags["admin-name"],
      adminEmail: flags["admin-email"],
      customData: flags["custom-data"],
      continentOnly: flags["continent-only"],
      countryOnly: flags["country-only"],
      asOnly: flags["as-only"],
      score: flags.score,
      comment: flags.comment,
    });
    output.write(locationText(added));
    output.line(`Mirror '${added.mirror.name}' added successfully`);
    output.line("Enable this mirror using");
    output.line(`  $ mirrorbits enable ${added.mirror.name}`);
    return 0;
  },
});

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
