import type { MirrorJson } from "../../lib/control/api/mirror_schemas.ts";
import { type MirrorSettings, settingsOf } from "../../lib/catalog/settings/mirror_settings.ts";
import { defineCommand } from "../command.ts";
import { booleanFlag, UsageError } from "../flags.ts";

/** Which URLs of a mirror are exported. */
interface UrlChoice {
  readonly rsync: boolean;
  readonly http: boolean;
  readonly ftp: boolean;
}

/** A line for mirmon. */
interface MirmonEntry {
  readonly country: string;
  readonly url: string;
  readonly email: string;
}

const FORMATS = ["mirmon", "rsync", "yaml"] as const;

/** `export`: the mirrors as a list for another tool. */
export default defineCommand({
  name: "export",
  group: "client",
  usage: "[format]",
  summary: "Export the mirror database",
  description: `Export the mirror database.\n\nAvailable formats: ${FORMATS.join(", ")}`,
  details: "mirmon: country, URL and administrator's address, for the mirror monitor.\n" +
    "rsync: the rsync URLs, one on each line.\n" +
    "yaml: everything, for the import command; without -rsync, -http or -ftp without\n" +
    "those URLs. User names and passwords in URLs are in all of them.",
  examples: [
    ["mirrorbits export -disabled=false mirmon > mirmon.list", "the enabled mirrors for mirmon"],
    ["mirrorbits export yaml > mirrors.yaml", "a backup of all mirrors"],
  ],
  flags: {
    disabled: booleanFlag("Export disabled mirrors", true),
    ftp: booleanFlag("Export ftp URLs", true),
    http: booleanFlag("Export http URLs", true),
    json: booleanFlag("Print the list as JSON"),
    rsync: booleanFlag("Export rsync URLs", true),
  },
  operands: [1, 1],
  completes: [FORMATS],
  run: async ({ flags, operands: [format = ""] }, { client, output }) => {
    if (!FORMATS.some((one) => one === format)) throw new UsageError("Unsupported format");
    const all = await client.list(flags.disabled ? {} : { enabled: true });
    const mirrors = all.toSorted((a, b) => a.id - b.id);
    if (format === "yaml") {
      const { formatMirrorList, mirrorList } = await import("../mirror_list.ts");
      const settings = mirrors.map((mirror) => exportedSettings(mirror, flags));
      if (flags.json) output.json(mirrorList(settings));
      else output.write(formatMirrorList(settings));
    } else if (format === "rsync") {
      const urls = mirrors.map(({ rsyncUrl }) => flags.rsync ? rsyncUrl : "");
      const given = urls.filter((url) => url !== "");
      if (flags.json) output.json(given);
      else for (const url of given) output.line(url);
    } else {
      const entries = mirrors.flatMap((mirror) => mirmonEntries(mirror, flags));
      if (flags.json) output.json(entries);
      else for (const one of entries) output.line(`${one.country}\t${one.url}\t${one.email}`);
    }
    return 0;
  },
});

function exportedSettings(mirror: MirrorJson, choice: UrlChoice): Partial<MirrorSettings> {
  const { rsyncUrl, httpUrl, ftpUrl, ...others } = settingsOf(mirror);
  return {
    ...others,
    ...(choice.http ? { httpUrl } : {}),
    ...(choice.rsync ? { rsyncUrl } : {}),
    ...(choice.ftp ? { ftpUrl } : {}),
  };
}

function mirmonEntries(mirror: MirrorJson, choice: UrlChoice): MirmonEntry[] {
  const { rsyncUrl, httpUrl, ftpUrl, adminEmail, countryCodes: [country = ""] } = mirror;
  const http = /^https?:\/\//.test(httpUrl)
    ? [httpUrl]
    : [`http://${httpUrl}`, `https://${httpUrl}`];
  const urls = [
    ...(choice.rsync ? [rsyncUrl] : []),
    ...(choice.http ? http : []),
    ...(choice.ftp ? [ftpUrl] : []),
  ];
  return urls.filter((url) => url !== "").map((url) => ({ country, url, email: adminEmail }));
}
