import { utcDay } from "../../clock/utc_day.ts";
import { frameOf } from "../pages/frame.ts";
import { renderMirrorStats } from "../pages/mirror_stats.ts";
import type { Answer } from "../render/answer.ts";
import { mirrorStats } from "../render/mirror_stats.ts";
import { renderMirrorStatsJson } from "../render/mirror_stats_json.ts";
import type { HttpRequest } from "../request/request.ts";
import type { AnswerContext } from "./answer_context.ts";

/**
 * Answers with what every mirror served today (in UTC), how far behind it is and how it is: as a page
 * for people, or as JSON.
 *
 * @param context where to look
 * @param request what was asked
 * @returns a 200
 * @throws StoreUnavailableError
 */
export async function answerMirrorStats(
  { state, reader, program }: AnswerContext,
  { time, accepts, query }: HttpRequest,
): Promise<Answer> {
  const day = utcDay(time);
  const counts = await reader.mirrorDownloads([day]);
  const stats = mirrorStats(state.mirrors.values(), counts, day, time);
  return accepts.json
    ? renderMirrorStatsJson(stats, query.pretty)
    : await renderMirrorStats(program, frameOf(state.config), stats);
}
