import { utcDay } from "../../clock/utc_day.ts";
import type { Answer } from "../render/answer.ts";
import { renderError } from "../render/error.ts";
import { renderFileStats } from "../render/file_stats.ts";
import { resolveAlias } from "../request/aliases.ts";
import { parsePeriod } from "../request/period.ts";
import type { HttpRequest } from "../request/request.ts";
import type { AnswerContext } from "./answer_context.ts";
import { lateAnswer } from "./late_answer.ts";

const statistics = lateAnswer(async () =>
  (await import("./answer_statistics.ts")).answerStatistics
);

/**
 * Answers how often a file was downloaded: today, this month, this year and ever (in UTC), or in one
 * period. A file that never was has no downloads. At the root it is told of all files.
 *
 * @param context who counts
 * @param request what was asked
 * @returns JSON; 400 when the period is none, 404 for a link to what is held back
 * @throws StoreUnavailableError
 */
export async function answerFileStats(
  context: AnswerContext,
  request: HttpRequest,
): Promise<Answer> {
  const { state, reader } = context;
  const { time, path, query } = request;
  if (path === "/") return await statistics(context, request);
  const file = resolveAlias(state.aliases, path) ?? path;
  // A link to what is as if it were not there is not there either.
  if (state.excluded?.(file)) return renderError(404);
  if (query.value === "") {
    const day = utcDay(time);
    const periods = [day, day.slice(0, 7), day.slice(0, 4), ""];
    const [Today = 0, Month = 0, Year = 0, Total = 0] = await reader.fileDownloads(file, periods);
    return renderFileStats({ Today, Month, Year, Total });
  }
  const period = parsePeriod(query.value);
  if (period === null) return renderError(400, "Invalid period");
  const [Downloads = 0] = await reader.fileDownloads(file, [period]);
  return renderFileStats({ Period: query.value, Downloads });
}
