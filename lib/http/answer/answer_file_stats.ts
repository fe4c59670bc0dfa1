import { utcDay } from "../../clock/utc_day.ts";
import type { Period, StoreReader } from "../../store/store.ts";
import { type Header, NO_SNIFF } from "../render/headers.ts";
import { renderError } from "../render/error.ts";

/** Who counts, for {@linkcode answerFileStats}. */
export interface FileStatsOptions {
  readonly reader: Pick<StoreReader, "fileDownloads">;
  /** Milliseconds since the epoch. */
  readonly now: number;
  readonly server: Header;
}

const DIGITS = /^\d+(?:-\d+){0,2}$/;

/** What the counters know: a year, a month, a day. */
const COUNTED = /^\d{4}(?:-\d\d(?:-\d\d)?)?$/;

/**
 * Answers how often a file was downloaded: today, this month, this year and ever (in UTC), or in one
 * period.
 *
 * @param options where to look
 * @param path decoded path; a file that never was has no downloads
 * @param period `2026`, `2026-11` or `2026-11-22`; empty: the usual periods
 * @returns JSON; 400 when the period is none
 * @throws StoreUnavailableError
 */
export async function answerFileStats(
  { reader, now, server }: FileStatsOptions,
  path: string,
  period: Period,
): Promise<Response> {
  if (period === "") {
    const day = utcDay(now);
    const periods = [day, day.slice(0, 7), day.slice(0, 4), ""];
    const [Today = 0, Month = 0, Year = 0, Total = 0] = await reader.fileDownloads(path, periods);
    return render(server, { Today, Month, Year, Total });
  }
  if (!DIGITS.test(period)) return renderError(server, 400, "Invalid period");
  const [Downloads = 0] = COUNTED.test(period) ? await reader.fileDownloads(path, [period]) : [];
  return render(server, { Period: period, Downloads });
}

function render(server: Header, counts: Readonly<Record<string, unknown>>): Response {
  // Not application/json: the type is the one that clients have been getting for years.
  const headers: Header[] = [server, ["Content-Type", "text/plain; charset=utf-8"], NO_SNIFF];
  return new Response(JSON.stringify(counts, null, 4), { headers });
}
