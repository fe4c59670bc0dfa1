import { utcDay } from "../../clock/utc_day.ts";
import { frameFor } from "../pages/frame_for.ts";
import { renderMirrorStats } from "../pages/mirror_stats.ts";
import type { Answer } from "../render/answer.ts";
import { mirrorStats } from "../render/mirror_stats.ts";
import { renderMirrorStatsJson } from "../render/mirror_stats_json.ts";
import { StoreUnavailableError } from "../../store/store.ts";
import type { HttpRequest } from "../request/request.ts";
import type { AnswerContext } from "./answer_context.ts";

/**
 * Answers with what every mirror served today (in UTC), how far behind it is and how it is: as a page
 * for people, or as JSON. While the store is away, with what this server remembers.
 *
 * @param context where to look
 * @param request what was asked
 * @returns a 200
 * @throws StoreUnavailableError
 */
export async function answerMirrorStats(
  { state, counted, program }: AnswerContext,
  request: HttpRequest,
): Promise<Answer> {
  const { time, accepts, query } = request;
  const day = utcDay(time);
  const read = await counted.of(day, time);
  const fresh = read?.time === time;
  if (!fresh && state.mirrors.size === 0) throw new StoreUnavailableError("Nothing is known yet");
  const stats = mirrorStats(state.mirrors.values(), {
    counts: read?.counts ?? null,
    day,
    now: time,
    asOf: fresh ? null : { mirrors: state.away ?? time, counts: read?.time ?? null },
  });
  return accepts.json ? renderMirrorStatsJson(stats, query.pretty) : await renderMirrorStats(
    program,
    await frameFor(state.config, request),
    stats,
    state.config.staleAfter,
  );
}
