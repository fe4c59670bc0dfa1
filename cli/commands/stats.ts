import type { FileStatsJson, MirrorStatsJson } from "../../lib/control/api/stats_schemas.ts";
import { defineCommand } from "../command.ts";
import { booleanFlag, stringFlag, UsageError } from "../flags.ts";
import { byteSize } from "../../lib/catalog/byte_size.ts";
import { formatTable } from "../terminal/table.ts";

/** `stats`: how much was downloaded. */
export default defineCommand({
  name: "stats",
  group: "client",
  usage: "[OPTIONS] [mirror|file] [IDENTIFIER|PATTERN]",
  summary: "Show download stats",
  description: "Show download stats for a particular mirror or a file pattern",
  flags: {
    "end-date": stringFlag("Ending date, included (format YYYY-MM-DD; today if not given)"),
    h: booleanFlag("Human readable version", true),
    json: booleanFlag("Print the numbers as JSON"),
    "start-date": stringFlag("Starting date (format YYYY-MM-DD; today if not given)"),
  },
  operands: [2, 2],
  completes: [["mirror", "file"], "mirror"],
  details: "Days are in UTC. A pattern is a regular expression, found anywhere in the path;\n" +
    "with (?i) in front it ignores case.",
  examples: [
    ["mirrorbits stats mirror example", "what a mirror has served today"],
    ["mirrorbits stats -start-date 2026-11-01 file '\\.iso$'", "all images since a day"],
  ],
  run: async ({ flags, operands: [kind = "", what = ""] }, { client, output }) => {
    const start = flags["start-date"] || undefined;
    const end = flags["end-date"] || undefined;
    if (kind === "mirror") {
      const { mirror } = await client.match(what);
      const stats = await client.mirrorStats(mirror.id, start, end);
      if (flags.json) output.json(stats);
      else output.write(await mirrorText(stats, flags.h));
    } else if (kind === "file") {
      const stats = await client.fileStats(what, start, end);
      if (flags.json) output.json(stats);
      else output.write(await fileText(stats));
    } else {
      throw new UsageError(`Expected mirror or file, found ${JSON.stringify(kind)}`);
    }
    return 0;
  },
});

async function mirrorText(
  { name, status, downloads, bytes }: MirrorStatsJson,
  human: boolean,
): Promise<string> {
  return await formatTable([
    ["Identifier:", name],
    ["Status:", status],
    ["Download requests:", `${downloads}`],
    ["Bytes transferred:", human ? byteSize(bytes, 1) : `${bytes}`],
  ]);
}

async function fileText({ files, total }: FileStatsJson): Promise<string> {
  return await formatTable([
    ...files.map(({ path, downloads }) => [`${path}:`, `${downloads}`]),
    ["Total download requests:", `${total}`],
  ]);
}
