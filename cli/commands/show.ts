import type { MirrorJson } from "../../lib/control/api/mirror_schemas.ts";
import { type CommandContext, defineCommand } from "../command.ts";
import { ALL_SETTINGS } from "../../lib/catalog/settings/mirror_settings.ts";
import { cutTexts, shownText } from "../../lib/catalog/text_limits.ts";
import { FILE_DIFFERENCES, type FileDifference } from "../../lib/catalog/file_difference.ts";
import { booleanFlag, choiceFlag, stringFlag, unsignedFlag, UsageError } from "../flags.ts";
import { awayText } from "../list_for_people.ts";
import { shellQuoted } from "../terminal/shell_quoted.ts";
import { causeInFull } from "../../lib/catalog/down_cause.ts";
import { formatLogTime } from "../terminal/format_time.ts";
import type { DifferencesJson } from "../../lib/control/api/difference_schemas.ts";
import { formatTable } from "../terminal/table.ts";

/** `show`: the configuration of a mirror. */
export default defineCommand({
  name: "show",
  group: "client",
  usage: "[IDENTIFIER]",
  summary: "Print a mirror configuration",
  flags: {
    after: stringFlag("With -files: the last path of the page before"),
    files: choiceFlag(
      "Name the files that are older than in the repository, missing, of another size, newer, foreign",
      FILE_DIFFERENCES,
    ),
    json: booleanFlag("Print everything as JSON, with the state"),
    limit: unsignedFlag("With -files: so many at most, up to 10000", 1000),
  },
  operands: [1, 1],
  completes: ["mirror"],
  examples: [
    ["mirrorbits show example", "as YAML, the form that edit opens"],
    ["mirrorbits show -files older example", "what the last scan found to be out of date"],
    ["mirrorbits show -json example | jq .lastSuccessfulSync", "one fact for a script"],
  ],
  run: async ({ flags, operands: [name = ""] }, { client, output }) => {
    if (flags.files !== "") {
      const { mirror } = await client.match(name);
      return await showFiles(mirror, { ...flags, kind: flags.files }, { client, output });
    }
    if (flags.after !== "") throw new UsageError("-after needs -files");
    const { mirror, asOf } = await client.lookUp(name);
    if (asOf !== null) output.errorLine(awayText(asOf));
    if (flags.json) {
      output.json(mirror);
      return 0;
    }
    const { formatSettings } = await import("../mirror_document.ts");
    const shown = cutTexts(mirror);
    output.write(formatSettings(shown));
    for (const line of downLines(mirror)) output.line(line);
    output.line(`\nComment:\n${shown.comment}`);
    const cut = ALL_SETTINGS.filter(({ property }) => shown[property] !== mirror[property]);
    if (cut.length > 0) {
      const keys = cut.map(({ key }) => key).join(", ");
      output.errorLine(`Too long to be shown whole: ${keys}; export yaml and edit have all of it`);
    }
    return 0;
  },
});

/** Prints a page of the files of a mirror that differ from the repository's. */
async function showFiles(
  { id }: MirrorJson,
  { kind, after, limit, json }: {
    readonly kind: FileDifference;
    readonly after: string;
    readonly limit: number;
    readonly json: boolean;
  },
  { client, output }: Pick<CommandContext, "client" | "output">,
): Promise<number> {
  const page = await client.differences(id, { kind, after, limit });
  if (json) {
    output.json(page);
    return 0;
  }
  if (page.files.length > 0) output.write(await differenceTable(kind, page.files));
  const last = page.files.at(-1);
  if (page.more && last !== undefined) {
    output.errorLine(`There are more: -after ${shellWord(last.path)}`);
  }
  return 0;
}

/** A word as shells read it. */
function shellWord(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : shellQuoted(text);
}

/** Says why a mirror is down, as comments of YAML: a line for each scheme that is; none: it is up. */
function downLines(
  { enabled, stateSince, httpDownReason, httpDownCause, httpsDownReason, httpsDownCause }:
    MirrorJson,
): string[] {
  if (!enabled || stateSince === null) return [];
  const schemes = [
    ["HTTP", httpDownReason, httpDownCause],
    ["HTTPS", httpsDownReason, httpsDownCause],
  ] as const;
  return schemes.filter(([, reason]) => reason !== "").map(([scheme, reason, cause]) => {
    // A line it must stay, whatever a mirror's server said.
    const why = shownText(causeInFull(reason, cause)).replaceAll(/\p{Cc}+/gu, " ");
    return `# ${scheme} is down since ${formatLogTime(stateSince)}: ${why}`;
  });
}

type File = DifferencesJson["files"][number];

type Column = readonly [head: string, cell: (file: File) => string];

const SOURCE_SIZE: Column = ["SIZE", ({ source }) => `${source?.size ?? ""}`];
const SOURCE_TIME: Column = ["TIME", ({ source }) => timeText(source)];
const MIRROR_SIZE: Column = ["SIZE THERE", ({ mirror }) => `${mirror?.size ?? ""}`];
const MIRROR_TIME: Column = ["TIME THERE", ({ mirror }) => timeText(mirror)];

/** What tells in which way files differ. */
const COLUMNS: Readonly<Record<FileDifference, readonly Column[]>> = {
  older: [SOURCE_TIME, MIRROR_TIME],
  newer: [SOURCE_TIME, MIRROR_TIME],
  size: [SOURCE_SIZE, MIRROR_SIZE],
  missing: [SOURCE_SIZE, SOURCE_TIME],
  foreign: [MIRROR_SIZE, MIRROR_TIME],
};

/** Writes files of a mirror that differ from the source's as a table; the paths stand last, whole. */
export async function differenceTable(
  kind: FileDifference,
  files: DifferencesJson["files"],
): Promise<string> {
  const columns = COLUMNS[kind];
  const rows = files.map((file) => [...columns.map(([, cell]) => cell(file)), file.path]);
  return await formatTable([[...columns.map(([head]) => head), "PATH"], ...rows]);
}

/** `2026-11-22 15:04:05`, in UTC. */
function timeText(version: File["source"]): string {
  return version?.modTime?.slice(0, 19).replace("T", " ") ?? "";
}
