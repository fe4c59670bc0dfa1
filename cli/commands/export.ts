import type { MirrorJson } from "../../lib/control/mirror_json.ts";
import { defineCommand } from "../command.ts";
import { booleanFlag, UsageError } from "../flags.ts";

/** Which URLs of a mirror are exported. */
interface UrlChoice {
  readonly rsync: boolean;
  readonly http: boolean;
  readonly ftp: boolean;
}

/** `export`: the mirrors as a list for another tool. */
export default defineCommand({
  name: "export",
  group: "client",
  usage: "[format]",
  summary: "Export the mirror database",
  description: "Export the mirror database.\n\nAvailable formats: mirmon",
  flags: {
    disabled: booleanFlag("Export disabled mirrors", true),
    ftp: booleanFlag("Export ftp URLs", true),
    http: booleanFlag("Export http URLs", true),
    rsync: booleanFlag("Export rsync URLs", true),
  },
  operands: [1, 1],
  run: async ({ flags, operands: [format = ""] }, { client, output }) => {
    if (format !== "mirmon") throw new UsageError("Unsupported format");
    const mirrors = await client.list(flags.disabled ? {} : { enabled: true });
    for (const mirror of mirrors.sort((a, b) => a.id - b.id)) {
      const [country = ""] = mirror.countryCodes;
      for (const url of urlsOf(mirror, flags)) {
        output.line(`${country}\t${url}\t${mirror.adminEmail}`);
      }
    }
    return 0;
  },
});

function urlsOf({ rsyncUrl, httpUrl, ftpUrl }: MirrorJson, choice: UrlChoice): string[] {
  const http = /^https?:\/\//.test(httpUrl)
    ? [httpUrl]
    : [`http://${httpUrl}`, `https://${httpUrl}`];
  return [
    ...(choice.rsync ? [rsyncUrl] : []),
    ...(choice.http ? http : []),
    ...(choice.ftp ? [ftpUrl] : []),
  ].filter((url) => url !== "");
}
