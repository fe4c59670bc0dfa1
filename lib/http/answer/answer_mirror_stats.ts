import { utcDay } from "../../clock/utc_day.ts";
import { daysOf } from "../../stats/date_range.ts";
import { mirrorSeries } from "../../stats/mirror_series.ts";
import { StoreUnavailableError } from "../../store/store.ts";
import type { MaybePromise } from "../../store/store_reader.ts";
import { frameFor } from "../pages/frame_for.ts";
import { renderMirrorStats } from "../pages/mirror_stats.ts";
import type { Answer } from "../render/answer.ts";
import type { CurveStep } from "../render/curve_step.ts";
import { renderError } from "../render/error.ts";
import { mirrorStats } from "../render/mirror_stats.ts";
import { renderMirrorStatsJson } from "../render/mirror_stats_json.ts";
import type { ReadCounts } from "../request/count_memory.ts";
import { daysOfPeriod, parsePeriod } from "../request/period.ts";
import type { HttpRequest } from "../request/request.ts";
import type { AnswerContext } from "./answer_context.ts";
import { lateAnswer } from "./late_answer.ts";

const mirrorReport = lateAnswer(async () =>
  (await import("./answer_mirror_report.ts")).answerMirrorReport
);

/** Days that the curve of one day has before it. */
const DAYS_BEFORE = 29;

const DAY = 86_400_000;

/**
 * Answers with what every mirror served today (in UTC), or in another day, a month or a year, how far
 * behind it is and how it is: as a page for people, or as JSON. While the store is away, with what this
 * server remembers. With a name, it is told of that mirror alone.
 *
 * @param context where to look
 * @param request what was asked
 * @returns a 200; 400 for a time that does not exist, 404 for a mirror that there is not
 * @throws StoreUnavailableError
 */
export function answerMirrorStats(
  context: AnswerContext,
  request: HttpRequest,
): MaybePromise<Answer> {
  return request.query.value === ""
    ? ofAll(context, request)
    : mirrorReport(context, request, request.query.value);
}

async function ofAll(context: AnswerContext, request: HttpRequest): Promise<Answer> {
  const { state, program } = context;
  const { time, accepts, query } = request;
  const today = utcDay(time);
  const day = query.period === "" ? today : parsePeriod(query.period);
  // Links to others would lead from one day without downloads to the next.
  if (day === null || day > today) {
    return renderError(
      400,
      "Invalid period: a day such as 2026-11-22, a month or a year, not after today",
    );
  }
  const read = await readCounts(context, day, today, time);
  const fresh = read?.time === time || (read !== null && day !== today);
  if (!fresh && state.mirrors.size === 0) throw new StoreUnavailableError("Nothing is known yet");
  const stats = mirrorStats(state.mirrors.values(), {
    counts: read?.counts ?? null,
    ...{ day, today, now: time },
    curve: fresh ? await readCurve(context, day, today, time) : [],
    asOf: fresh ? null : { mirrors: state.away ?? time, counts: read?.time ?? null },
  });
  return accepts.json ? renderMirrorStatsJson(stats, query.pretty) : await renderMirrorStats(
    program,
    await frameFor(state.config, request),
    stats,
    state.config.staleAfter,
  );
}

/** What was counted in a day, a month or a year. */
async function readCounts(
  { reader, counted, statistics }: AnswerContext,
  day: string,
  today: string,
  now: number,
): Promise<ReadCounts | null> {
  if (day === today) return await counted.of(day, now);
  const counts = await statistics.of(`counts ${day}`, now, () => reader.mirrorDownloads([day]));
  return { counts, time: now };
}

/** Thirty days up to a day, the days of a month, the months of a year: as far as they have begun. */
async function readCurve(
  { reader, state, statistics }: AnswerContext,
  period: string,
  today: string,
  now: number,
): Promise<readonly CurveStep[]> {
  const { start, end } = daysOfPeriod(period);
  const first = period.length === 10 ? utcDay(Date.parse(start) - DAYS_BEFORE * DAY) : start;
  const range = { start: first, end: end < today ? end : today };
  if (daysOf(range).length === 0) return [];
  const shown = (id: number): boolean => state.mirrors.get(id)?.record.networksOnly === false;
  try {
    return await statistics.of(
      `curve ${period} ${state.mirrors.size}`,
      now,
      () => mirrorSeries(reader, shown, range, period.length === 4 ? "month" : "day"),
    );
  } catch (error) {
    if (error instanceof StoreUnavailableError) return [];
    throw error;
  }
}
