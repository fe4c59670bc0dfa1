import type {
  FileStatsJson,
  MirrorStatsJson,
  PrunedStatsJson,
  StatisticsJson,
} from "../../lib/control/api/stats_schemas.ts";
import { type CommandContext, defineCommand } from "../command.ts";
import { booleanFlag, choiceFlag, stringFlag, unsignedFlag, UsageError } from "../flags.ts";
import { byteSize } from "../../lib/catalog/byte_size.ts";
import {
  countriesTable,
  filesTable,
  fittingTable,
  mirrorsTable,
  mirrorStepsTable,
  seriesTable,
  writeStatsTable,
} from "../stats_tables.ts";
import type { Output } from "../terminal/output.ts";
import { formatTable } from "../terminal/table.ts";

const DAY = 86_400_000;

/** Lists of all, and what can be done about them; of a mirror or of files something is named besides. */
const ALONE = ["total", "top", "mirrors", "countries", "prune"] as const;

type Alone = typeof ALONE[number];

/** Lists that are over days up to today. */
const OVER_DAYS: readonly string[] = ["total", "top", "mirrors", "countries"];

/** What options go with that do not go with all: elsewhere they would change nothing, unnoticed. */
const GOES_WITH: readonly (readonly [
  "by" | "csv" | "days" | "dry-run" | "n",
  readonly string[],
])[] = [
  ["by", ["total", "mirrors"]],
  ["csv", [...OVER_DAYS, "mirror", "file"]],
  ["days", OVER_DAYS],
  ["dry-run", ["prune"]],
  ["n", ["top"]],
];

/** Days up to today, where nothing is said. */
const DAYS = 7;

/** Files that `top` shows, where nothing is said. */
const FILES = 20;

/** `stats`: how much was downloaded. */
export default defineCommand({
  name: "stats",
  group: "client",
  usage: "[OPTIONS] [total|top|mirrors|countries|prune|mirror|file] [IDENTIFIER|PATTERN]",
  summary: "Show download stats",
  description: "Show download stats: of all, of a particular mirror or of a file pattern",
  flags: {
    by: choiceFlag("Steps of total and mirrors: hour, day or month", ["hour", "day", "month"]),
    csv: booleanFlag("Print the numbers as comma-separated values"),
    days: {
      ...unsignedFlag("Days up to today, of total, top, mirrors and countries"),
      defaultText: `${DAYS}`,
    },
    "dry-run": booleanFlag("Only tell what prune would remove"),
    "end-date": stringFlag("Ending date, included (format YYYY-MM-DD; today if not given)"),
    h: booleanFlag("Human readable version", true),
    json: booleanFlag("Print the numbers as JSON"),
    n: { ...unsignedFlag("Files that top shows"), defaultText: `${FILES}` },
    "start-date": stringFlag("Starting date (format YYYY-MM-DD; today if not given)"),
  },
  operands: [1, 2],
  completes: [[...ALONE, "mirror", "file"], "mirror"],
  details: "Days are in UTC. A pattern is a regular expression, found anywhere in the path;\n" +
    "with (?i) in front it ignores case. prune removes what is older than KeepStats says, and\n" +
    "hours and days of countries and answers beyond 48 hours and 400 days; the daemon does so\n" +
    "itself at 00:10 UTC. Programs of IgnoreAgents count as bots, and nowhere else.",
  examples: [
    ["mirrorbits stats total -days 30 -by day", "a month, day by day"],
    ["mirrorbits stats top -n 50", "what was asked for most in a week"],
    ["mirrorbits stats mirrors -by month -start-date 2026-01-01 -csv", "for a spreadsheet"],
    ["mirrorbits stats mirror example", "what a mirror has served today"],
    ["mirrorbits stats -start-date 2026-11-01 file '\\.iso$'", "all images since a day"],
  ],
  run: async ({ flags, operands: [kind = "", what] }, context) => {
    const { client, output } = context;
    const start = flags["start-date"] || undefined;
    const end = flags["end-date"] || undefined;
    const alone = ALONE.find((one) => one === kind);
    if (alone !== undefined) {
      if (what !== undefined) {
        throw new UsageError(`Unexpected argument: ${JSON.stringify(what)}`);
      }
      checkFlags(kind, flags);
      return await ofAll(alone, flags, context);
    }
    if (kind !== "mirror" && kind !== "file") {
      const known = `${ALONE.join(", ")}, mirror or file`;
      throw new UsageError(`Expected ${known}, found ${JSON.stringify(kind)}`);
    }
    if (what === undefined) {
      throw new UsageError(`Missing argument: ${kind === "mirror" ? "IDENTIFIER" : "PATTERN"}`);
    }
    checkFlags(kind, flags);
    const form = { csv: true, human: false };
    if (kind === "mirror") {
      const { mirror } = await client.match(what);
      const stats = await client.mirrorStats(mirror.id, start, end);
      const rows = [[stats.name, stats.downloads, stats.bytes]];
      if (flags.json) output.json(stats);
      else if (flags.csv) {
        await writeStatsTable(output, { heads: ["mirror", "downloads", "bytes"], rows }, form);
      } else output.write(await mirrorText(stats, flags.h));
    } else {
      const stats = await client.fileStats(what, start, end);
      const rows = stats.files.map(({ path, downloads }) => [path, downloads]);
      if (flags.json) output.json(stats);
      else if (flags.csv) {
        await writeStatsTable(output, { heads: ["path", "downloads"], rows }, form);
      } else output.write(await fileText(stats, output));
    }
    return 0;
  },
});

/** Options that lists of all go by. */
interface AllFlags {
  readonly by: "hour" | "day" | "month" | "";
  readonly csv: boolean;
  readonly days: number;
  readonly "dry-run": boolean;
  readonly "end-date": string;
  readonly h: boolean;
  readonly json: boolean;
  readonly n: number;
  readonly "start-date": string;
}

/** @throws {UsageError} on options that say nothing about what is wanted, or against each other */
function checkFlags(kind: string, flags: AllFlags): void {
  if (flags.json && flags.csv) throw new UsageError("Either -json or -csv, not both");
  if (flags.days && flags["start-date"]) {
    throw new UsageError("Either -days or -start-date, not both");
  }
  for (const [flag, kinds] of GOES_WITH) {
    if (!flags[flag] || kinds.includes(kind)) continue;
    const known = [kinds.slice(0, -1).join(", "), kinds.at(-1)].filter(Boolean).join(" and ");
    throw new UsageError(`-${flag} goes with ${known} only`);
  }
}

async function ofAll(
  kind: Alone,
  flags: AllFlags,
  { client, output, now }: CommandContext,
): Promise<number> {
  const { by, csv, h: human, json, n } = flags;
  if (kind === "prune") {
    const pruned = await client.pruneStats(flags["dry-run"]);
    if (json) output.json(pruned);
    else output.write(prunedText(pruned));
    return 0;
  }
  const to = flags["end-date"];
  const last = to === "" ? now() : Date.parse(to);
  const first = new Date((Number.isNaN(last) ? now() : last) - ((flags.days || DAYS) - 1) * DAY);
  const range = {
    from: flags["start-date"] || first.toISOString().slice(0, 10),
    ...to === "" ? {} : { to },
  };
  const form = { csv, human };
  if (kind === "mirrors" && by !== "") {
    if (by === "hour") throw new UsageError("Mirrors are not counted by the hour");
    const series = await client.mirrorSeries({ ...range, by });
    if (json) output.json(series);
    else await writeStatsTable(output, mirrorStepsTable(series), form);
    return 0;
  }
  const files = kind === "top" ? n || FILES : 0;
  const statistics = await client.statistics({ ...range, files, ...by === "" ? {} : { by } });
  if (json) output.json(statistics);
  else if (kind === "top") await writeStatsTable(output, filesTable(statistics), form);
  else if (kind === "mirrors") await writeStatsTable(output, mirrorsTable(statistics), form);
  else if (kind === "countries") await writeStatsTable(output, countriesTable(statistics), form);
  else if (csv) await writeStatsTable(output, seriesTable(statistics), form);
  else {
    output.write(await totalText(statistics, human));
    if (by !== "") {
      output.write("\n");
      await writeStatsTable(output, seriesTable(statistics), form);
    }
  }
  return 0;
}

async function totalText(
  { from, to, downloads, bytes, bots, ever, answers }: StatisticsJson,
  human: boolean,
): Promise<string> {
  return await formatTable([
    ["Days:", from === to ? from : `${from} to ${to}`],
    ["Download requests:", `${downloads}`],
    ["Bytes transferred:", human ? byteSize(bytes, 1) : `${bytes}`],
    ["Answers to bots:", `${bots}`],
    ...answers.map((
      { answer, requests },
    ) => [`Answered with ${answer.replaceAll("_", " ")}:`, `${requests}`]),
    ["Download requests ever:", `${ever}`],
  ]);
}

function prunedText({ counters, series, removed }: PrunedStatsJson): string {
  const periods = [...counters, ...series];
  if (periods.length === 0) return "Nothing is older than it is kept\n";
  if (removed === null) {
    const lines = [
      ...counters.map((period) => `${period}: files and mirrors\n`),
      ...series.map((time) => `${time}: countries and answers\n`),
    ];
    return `Would remove what was counted in ${countText(periods.length, "period")}:\n${
      lines.join("")
    }`;
  }
  return `Removed ${countText(removed, "counter")} of ${countText(periods.length, "period")}\n`;
}

function countText(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? "" : "s"}`;
}

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

async function fileText({ files, total }: FileStatsJson, output: Output): Promise<string> {
  return await fittingTable([
    ...files.map(({ path, downloads }) => [`${path}:`, `${downloads}`]),
    ["Total download requests:", `${total}`],
  ], output);
}
