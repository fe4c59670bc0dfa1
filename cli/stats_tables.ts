import { byteSize } from "../lib/catalog/byte_size.ts";
import { type CsvCell, toCsv } from "../lib/catalog/csv.ts";
import type { MirrorSeriesJson, StatisticsJson } from "../lib/control/api/stats_schemas.ts";
import { cutStart } from "./terminal/cut_text.ts";
import { fitRows } from "./terminal/fit_rows.ts";
import type { Output } from "./terminal/output.ts";
import { formatTable } from "./terminal/table.ts";

/** A table of numbers, for people and for programs. */
export interface StatsTable {
  /** As programs know them. */
  readonly heads: readonly string[];
  readonly rows: readonly (readonly CsvCell[])[];
}

/** How numbers are written. */
export interface StatsForm {
  readonly csv: boolean;
  /** Whether bytes are shown in units that people read. */
  readonly human: boolean;
}

/** The series of statistics: one row for each step. */
export function seriesTable({ series }: StatisticsJson): StatsTable {
  return {
    heads: ["time", "downloads", "bytes", "bots"],
    rows: series.map(({ time, downloads, bytes, bots }) => [time, downloads, bytes, bots]),
  };
}

/** The files that were downloaded most. */
export function filesTable({ files }: StatisticsJson): StatsTable {
  return {
    heads: ["path", "downloads"],
    rows: files.map(({ path, downloads }) => [path, downloads]),
  };
}

/** Mirrors with their share of what all mirrors were asked for. */
export function mirrorsTable({ mirrors }: StatisticsJson): StatsTable {
  const all = mirrors.reduce((sum, { downloads }) => sum + downloads, 0);
  return {
    heads: ["mirror", "downloads", "bytes", "percent"],
    rows: mirrors.map(({ id, name, downloads, bytes }) => [
      name ?? removed(id),
      downloads,
      bytes,
      percent(downloads, all),
    ]),
  };
}

/** What each mirror got in each step. */
export function mirrorStepsTable({ steps }: MirrorSeriesJson): StatsTable {
  return {
    heads: ["time", "mirror", "downloads", "bytes"],
    rows: steps.flatMap(({ time, mirrors }) =>
      mirrors.map(({ id, name, downloads, bytes }) => [
        time,
        name ?? removed(id),
        downloads,
        bytes,
      ])
    ),
  };
}

/** Countries with their share; those with few downloads are one row. */
export function countriesTable({ countries, otherCountries }: StatisticsJson): StatsTable {
  const all = countries.reduce((sum, { downloads }) => sum + downloads, otherCountries);
  const rows = countries.map(({ country, downloads }) => [
    country === "" ? "unknown" : country,
    downloads,
    percent(downloads, all),
  ]);
  if (otherCountries > 0) rows.push(["others", otherCountries, percent(otherCountries, all)]);
  return { heads: ["country", "downloads", "percent"], rows };
}

/** Writes a table. */
export async function writeStatsTable(
  output: Output,
  { heads, rows }: StatsTable,
  { csv, human }: StatsForm,
): Promise<void> {
  if (csv) return output.write(toCsv(heads, rows));
  const cells = rows.map((row) =>
    row.map((value, column) => {
      const isSize = heads[column] === "bytes" && human;
      return isSize ? byteSize(Number(value), 1) : `${value ?? ""}`;
    })
  );
  output.write(await fittingTable([heads.map((head) => head.toUpperCase()), ...cells], output));
}

/**
 * Lays out a table whose first column is a path or a name: on a terminal the beginning of a long one goes,
 * since its end tells more.
 */
export async function fittingTable(
  rows: readonly (readonly string[])[],
  { columns }: Pick<Output, "columns">,
): Promise<string> {
  if (columns === Infinity) return await formatTable(rows);
  const fitting = await fitRows(rows, columns, [[0, LEAST_NAME]], cutStart);
  return await formatTable(fitting ?? rows, columns);
}

/** Columns that a path or a name keeps, at least. */
const LEAST_NAME = 20;

/** A mirror that is gone has no name. */
function removed(id: number): string {
  return `removed (${id})`;
}

/** With one digit after the point. */
function percent(part: number, all: number): number {
  return all === 0 ? 0 : Math.round(part * 1000 / all) / 10;
}
