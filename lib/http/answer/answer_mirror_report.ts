import { utcDay } from "../../clock/utc_day.ts";
import { daysOf } from "../../stats/date_range.ts";
import type { PreparedMirror } from "../../selection/prepared_mirror.ts";
import { frameFor } from "../pages/frame_for.ts";
import { renderMirrorReport } from "../pages/mirror_report.ts";
import type { Answer } from "../render/answer.ts";
import type { CurveStep } from "../render/curve_step.ts";
import { renderError } from "../render/error.ts";
import { type MirrorReport, publicEvents } from "../render/mirror_report.ts";
import { renderMirrorReportJson } from "../render/mirror_report_json.ts";
import { mirrorStats } from "../render/mirror_stats.ts";
import { uptimeOf } from "../render/uptime.ts";
import type { HttpRequest } from "../request/request.ts";
import type { HttpState } from "../request/state.ts";
import type { AnswerContext } from "./answer_context.ts";

const DAY = 86_400_000;

/** Days and months that are told of. */
const DAYS = 30;
const MONTHS = 12;

/** Events that are looked at: scans write many that nobody is told of. */
const EVENTS = 10_000;

/**
 * Answers with everything that is told of one mirror: as a page, or as JSON.
 *
 * @param context where to look
 * @param request what was asked
 * @param name of the mirror
 * @returns a 200; 404 when there is no such mirror, or it is for its own networks only
 * @throws StoreUnavailableError
 */
export async function answerMirrorReport(
  context: AnswerContext,
  request: HttpRequest,
  name: string,
): Promise<Answer> {
  const { state, statistics, program } = context;
  const { time, accepts, query } = request;
  const mirror = [...state.mirrors.values()].find(({ record }) =>
    record.name === name && !record.networksOnly
  );
  if (mirror === undefined) return renderError(404, "Not Found: there is no such mirror");
  const { id } = mirror.record;
  const report = await statistics.of(`report ${id}`, time, () => reportOf(context, mirror, time));
  // How it is may have changed since.
  const { condition, behind, age } = dayOf(state, report.today, time, new Map(), id);
  const now = { ...report, day: { ...report.day, mirror: mirror.record, condition, behind, age } };
  if (accepts.json) return renderMirrorReportJson(now, query.pretty);
  return renderMirrorReport(program, await frameFor(state.config, request), now);
}

async function reportOf(
  { state, reader }: AnswerContext,
  mirror: PreparedMirror,
  now: number,
): Promise<MirrorReport> {
  const { record } = mirror;
  const { id } = record;
  const today = utcDay(now);
  const days = daysOf({ start: utcDay(now - (DAYS - 1) * DAY), end: today });
  const months = lastMonths(today);
  const [month = "", year = ""] = [today.slice(0, 7), today.slice(0, 4)];
  const periods = [month, year, "", ...days, ...months];
  const counts = await reader.downloadsByPeriod(id, periods);
  const step = (time: string, i: number): CurveStep => ({ time, ...counts[i]! });
  const events = await reader.events(id, EVENTS);
  const ofToday = await reader.mirrorDownloads([today]);
  const inMonth = await reader.mirrorDownloads([month]);
  const rankIn = (downloads: typeof ofToday): number =>
    mirrorStats(state.mirrors.values(), factsOf(downloads, today, now)).mirrors
      .find((one) => one.mirror.id === id)!.rank;
  return {
    ...{ day: dayOf(state, today, now, ofToday, id), today },
    ...{ month: counts[0]!, year: counts[1]!, ever: counts[2]! },
    rank: {
      today: rankIn(ofToday),
      month: rankIn(inMonth),
      of: [...state.mirrors.values()].filter(({ record }) => !record.networksOnly).length,
    },
    days: days.map((day, i) => step(day, 3 + i)),
    months: months.map((one, i) => step(one, 3 + DAYS + i)),
    uptime: uptimeOf(events, {
      enabled: record.enabled,
      protocols: {
        ...(mirror.httpUrl !== null && { http: record.httpUp }),
        ...(mirror.httpsUrl !== null && { https: record.httpsUp }),
      },
      since: record.stateSince,
    }, now),
    events: publicEvents(events),
  };
}

type Facts = Parameters<typeof mirrorStats>[1];

function factsOf(counts: Facts["counts"], day: string, now: number): Facts {
  return { counts, ...{ day, today: day, now }, curve: [], asOf: null };
}

function dayOf(
  { mirrors }: Pick<HttpState, "mirrors">,
  today: string,
  now: number,
  counts: Facts["counts"],
  id: number,
): MirrorReport["day"] {
  return mirrorStats(mirrors.values(), factsOf(counts, today, now)).mirrors
    .find(({ mirror }) => mirror.id === id)!;
}

/** The months up to that of a day, the oldest first. */
function lastMonths(today: string): string[] {
  const [year = 0, month = 1] = today.split("-").map(Number);
  return Array.from(
    { length: MONTHS },
    (_, i) =>
      new Date(new Date(0).setUTCFullYear(year, month - MONTHS + i, 1)).toISOString().slice(0, 7),
  );
}
