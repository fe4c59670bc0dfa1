import type { FileDifference } from "../lib/catalog/file_difference.ts";
import type { DifferencesJson } from "../lib/control/api/difference_schemas.ts";
import { formatTable } from "./terminal/table.ts";

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
