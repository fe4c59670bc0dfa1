import { toCsv } from "../catalog/csv.ts";
import type { Statistics } from "./statistics.ts";

/** The tables that statistics can be written as. */
export const STATISTICS_TABLES = ["series", "mirrors", "countries", "answers", "files"] as const;

/** One of {@linkcode STATISTICS_TABLES}. */
export type StatisticsTable = typeof STATISTICS_TABLES[number];

/**
 * Writes one table of statistics as CSV; a mirror without a name has an empty one. Countries have a row
 * `unknown`, and one of `others` for those that are not told apart: together they are all downloads.
 */
export function statisticsCsv(statistics: Statistics, table: StatisticsTable): string {
  const { series, mirrors, countries, otherCountries, answers, files } = statistics;
  switch (table) {
    case "series":
      return toCsv(
        ["time", "downloads", "bytes", "bots"],
        series.map(({ time, downloads, bytes, bots }) => [time, downloads, bytes, bots]),
      );
    case "mirrors":
      return toCsv(
        ["id", "mirror", "downloads", "bytes"],
        mirrors.map(({ id, name, downloads, bytes }) => [id, name, downloads, bytes]),
      );
    case "countries":
      return toCsv(
        ["country", "downloads"],
        [
          ...countries.map(({ country, downloads }) => [country || "unknown", downloads]),
          ...(otherCountries > 0 ? [["others", otherCountries]] : []),
        ],
      );
    case "answers":
      return toCsv(
        ["answer", "requests"],
        answers.map(({ answer, requests }) => [answer, requests]),
      );
    case "files":
      return toCsv(["path", "downloads"], files.map(({ path, downloads }) => [path, downloads]));
  }
}
