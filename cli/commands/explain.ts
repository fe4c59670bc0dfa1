import type { ExplanationJson } from "../../lib/control/api/explain_schemas.ts";
import { defineCommand } from "../command.ts";
import { booleanFlag, integerFlag, stringFlag } from "../flags.ts";
import { byteSize } from "../../lib/catalog/byte_size.ts";
import { formatDate } from "../terminal/format_time.ts";
import { fitRows } from "../terminal/fit_rows.ts";
import { formatTable } from "../terminal/table.ts";

type Explained = ExplanationJson["mirrors"][number];

/** `explain`: why a client is sent where it is. */
export default defineCommand({
  name: "explain",
  group: "client",
  usage: "[OPTIONS] PATH",
  summary: "Tell why a client gets a mirror",
  description: "Show everything that decides who serves a file to a client, and who is drawn",
  flags: {
    from: stringFlag("Address of the client; without it nothing is known of it"),
    https: booleanFlag("The client wants HTTPS"),
    json: booleanFlag("Print everything as JSON"),
    seed: integerFlag("Seed of the draw: the same one draws the same mirrors", 1),
  },
  operands: [1, 1],
  details:
    "The path is that of the URL, decoded. Mirrors stand in the order in which they are preferred;\n" +
    "those that may not serve come last, with the reason.",
  examples: [
    ["mirrorbits explain -from 192.0.2.1 /pub/file.iso", "why did he get that one?"],
    ["mirrorbits explain -from 192.0.2.1 -seed 7 /pub/file.iso", "another draw"],
  ],
  run: async ({ flags: { from, https, json, seed }, operands: [path = ""] }, context) => {
    const { client, output } = context;
    const explanation = await client.explain({ path, from: from || null, https, seed });
    if (json) output.json(explanation);
    else await output.prose(await explanationText(explanation, output.columns));
    return 0;
  },
});

async function explanationText(explanation: ExplanationJson, columns: number): Promise<string> {
  const { path, size, modTime, mirrors, lacking, drawn, fallback, seed, stable } = explanation;
  const facts = await formatTable([
    ["File:", `${path}, ${byteSize(size, 1)}${modTime === null ? "" : `, ${formatDate(modTime)}`}`],
    ...clientFacts(explanation.client),
  ]);
  const table = mirrors.length === 0
    ? "No mirror has the file.\n"
    : await mirrorTable(mirrors, columns);
  const names = drawn.map(({ name }) => name);
  const chosen = names.length === 0
    ? "Nobody can serve it."
    : `Drawn ${stable ? "by the address" : `with seed ${seed}`}: ${names.join(", ")}${
      fallback ? " (fallbacks)" : ""
    }`;
  const without = lacking.length === 0 ? "" : `Without the file: ${lacking.join(", ")}\n`;
  return `${facts}\n${table}\n${chosen}\n${without}${askedText(explanation)}`;
}

/** What is known of mirrors that are asked for each file by itself. */
function askedText({ asked }: ExplanationJson): string {
  return asked.map(({ name, state, time, why }) => {
    const since = time === null ? "" : ` at ${minuteText(time)}`;
    if (state === "unasked") return `${name}: not asked for it yet\n`;
    if (state === "wanted") return `${name}: to be asked for it soon\n`;
    if (state === "found") return `${name}: asked for it${since}, found\n`;
    return `${name}: asked for it${since}, not found: ${why}\n`;
  }).join("");
}

function clientFacts(client: ExplanationJson["client"]): string[][] {
  const { address, network, city, country, countryCode, continentCode, refused } = client;
  const place = [city, country || countryCode, continentCode].filter((part) => part !== "");
  const where = client.latitude === null ? "" : ` (${client.latitude}, ${client.longitude})`;
  return [
    ["Client:", `${address ?? "unknown"}${network === null ? "" : `, in ${network}`}`],
    ["Place:", place.length === 0 ? "unknown" : `${place.join(", ")}${where}`],
    [
      "AS:",
      client.asNumber === 0 ? "unknown" : `AS${client.asNumber} ${client.asName}`.trim(),
    ],
    ["Known by:", client.databases.join(", ") || "no database"],
    ...(refused === null ? [] : [["Refused:", `with status ${refused}, before any of this`]]),
  ];
}

/** A column: what stands above it, and in it. */
type Column = readonly [head: string, cell: (one: Explained) => string];

const COLUMNS: readonly Column[] = [
  ["MIRROR", ({ name }) => name],
  ["DISTANCE", ({ distance }) => distance === null ? "" : `${Math.round(distance)} km`],
  ["NETWORK", ({ network }) => network ?? ""],
  ["FAMILY", ({ family }) => family === "good" ? "" : family ?? ""],
  ["RULE", ({ rule }) => rule === null ? "" : `${rule.number} ${rule.use}`],
  ["SCORE", ({ score, reason }) => reason === null ? `${score}` : ""],
  ["WEIGHT", ({ weight }) => weight === null ? "" : `${Math.round(weight * 100) / 100}`],
  ["SHARE", ({ share }) => share === null ? "" : `${share.toFixed(1)} %`],
  ["QUOTA", ({ quota }) => quota === 100 ? "" : `${quota} %`],
  ["SIZE", ({ copy }) => `${copy.size}`],
  ["TIME", ({ copy }) => minuteText(copy.modTime)],
  ["LISTED", ({ copy }) => minuteText(copy.listed)],
  ["WHY", whyText],
];

/** A table without the columns that nobody fills. */
async function mirrorTable(mirrors: readonly Explained[], room: number): Promise<string> {
  const columns = COLUMNS.filter(([, cell]) => mirrors.some((one) => cell(one) !== ""));
  const rows = mirrors.map((one) => columns.map(([, cell]) => cell(one)));
  const table = [columns.map(([head]) => head), ...rows];
  if (room === Infinity) return await formatTable(table);
  return await formatTable(await withoutLess(table, room), room);
}

/** Columns that a narrow terminal does without, in this order; those who need them have `-json`. */
const LESS = ["LISTED", "TIME", "SIZE", "SCORE", "WEIGHT"];

/** What a mirror's name and the reason are left with where there is no room for all of them. */
const LEAST = { MIRROR: 16, WHY: 16 };

/** Leaves out what matters less until the rest fits; of 120 mirrors each should be one line. */
async function withoutLess(
  table: readonly (readonly string[])[],
  room: number,
): Promise<readonly (readonly string[])[]> {
  let rows = table;
  for (const less of [null, ...LESS]) {
    const left = rows[0]!.indexOf(less ?? "");
    if (left !== -1) rows = rows.map((row) => row.toSpliced(left, 1));
    const least = Object.entries(LEAST).map(([head, width]) =>
      [rows[0]!.indexOf(head), width] as const
    );
    const fitting = await fitRows(rows, room, least);
    if (fitting !== null) return fitting;
  }
  return table;
}

/** `2026-11-22 15:04`, in UTC. */
function minuteText(time: string | null): string {
  return time === null ? "" : time.slice(0, 16).replace("T", " ");
}

function whyText({ group, share, reason }: Explained): string {
  if (reason !== null) return reason;
  if (group === "own") return "its own network";
  if (group === "first" || group === "last") return `put ${group} by a rule`;
  if (group === "behind") return "down on the client's family of addresses";
  if (share === null) return "follows";
  return share === 100 ? "serves alone" : "in the draw";
}
