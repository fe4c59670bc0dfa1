import { utcDay } from "../../clock/utc_day.ts";
import { type DateRange, daysOf, periodsOf } from "../../stats/date_range.ts";
import { mirrorSeries } from "../../stats/mirror_series.ts";
import { mirrorCounts, MOST_STEPS, readStatistics } from "../../stats/read_statistics.ts";
import { type Statistics, type Step, STEPS } from "../../stats/statistics.ts";
import { STATISTICS_TABLES, statisticsCsv } from "../../stats/statistics_csv.ts";
import { StoreUnavailableError } from "../../store/store.ts";
import type { Answer } from "../render/answer.ts";
import { renderError } from "../render/error.ts";
import { NO_SNIFF, NOT_CACHED } from "../render/headers.ts";
import { renderJsonDocument } from "../render/json_document.ts";
import { daysOfPeriod, parsePeriod } from "../request/period.ts";
import type { HttpRequest } from "../request/request.ts";
import type { HttpState } from "../request/state.ts";
import type { AnswerContext } from "./answer_context.ts";

/** Milliseconds that strangers may ask about at most: some forty years. */
const LONGEST = 40 * 366 * 86_400_000;

/** Files that are told of. */
const FILES = 20;

/** Milliseconds that a walk over the counters of all files may take. */
const PATIENCE = 10_000;

/** What of the statistics everybody may see; the rest is empty. */
type Shown =
  & Pick<Statistics, "from" | "to" | "downloads" | "bytes" | "mirrors" | "by" | "series">
  & Partial<Statistics>;

const INVALID_PERIOD =
  "Invalid period: from and to are days such as 2026-11-22, months or years, " +
  "from not after to, nor after today, at most 40 years";

const INVALID_TABLE = `Invalid step or table: by is ${STEPS.join(", ")}; csv is ${
  STATISTICS_TABLES.join(", ")
}`;

/**
 * Answers with what was downloaded in some days: as JSON, or a table of it as CSV. Only what
 * `PublicStats` shows to strangers is in it.
 *
 * @param context who counts
 * @param request what was asked: `from`, `to`, or a period; `by`; `csv`
 * @returns 400 for days that do not exist, 403 for a table that is not public
 * @throws StoreUnavailableError also when the walk over the files takes too long
 */
export async function answerStatistics(
  { state, reader, statistics, clock }: AnswerContext,
  { time, query }: HttpRequest,
): Promise<Answer> {
  const all = state.config.publicStats === "all";
  const range = rangeOf(query, utcDay(time));
  if (range === null) return renderError(400, INVALID_PERIOD);
  const by = STEPS.find((step) => step === query.by);
  const table = STATISTICS_TABLES.find((one) => one === query.csv);
  const known = (by !== undefined || query.by === "") && (table !== undefined || query.csv === "");
  if (!known) return renderError(400, INVALID_TABLE);
  if (!all && (by === "hour" || ["countries", "answers", "files"].includes(query.csv))) {
    return renderError(403, "Forbidden: these statistics are not public");
  }
  const names = shownNames(state);
  // What is remembered is for everyone, whatever this client gets.
  const everyone = state.holds === null ? state.excluded : state.holds.everyone;
  const key = `${all} ${range.start} ${range.end} ${by ?? ""}`;
  const read = await statistics.of(
    key,
    time,
    async (): Promise<Shown | null> => {
      if (!all) {
        return await ofMirrors(reader, range, by === "month" ? "month" : by && "day", names);
      }
      const late = new AbortController();
      using _timer = clock.after(
        PATIENCE,
        () => late.abort(new StoreUnavailableError("Statistics take too long to read")),
      );
      return await readStatistics(reader, {
        ...{ range, files: FILES, now: time, signal: late.signal },
        shows: (path) => !everyone?.(path),
        nameOf: (id) => names.get(id),
        ...by && { by },
      });
    },
  );
  if (read === null) return renderError(400, `At most ${MOST_STEPS} steps can be shown`);
  // It may be held back since.
  const files = read.files?.filter(({ path }) => !everyone?.(path));
  const found = files === undefined ? read : { ...read, files };
  if (table === undefined) return renderJsonDocument(found, query.pretty);
  const none = { countries: [], answers: [], files: [], otherCountries: 0, bots: 0, ever: 0 };
  return {
    status: 200,
    headers: [NOT_CACHED, ["Content-Type", "text/csv; charset=utf-8"], NO_SNIFF],
    body: statisticsCsv({ ...none, ...found }, table),
    tagged: true,
    compressible: true,
  };
}

/** Mirrors that everybody may know of. */
function shownNames({ mirrors }: Pick<HttpState, "mirrors">): Map<number, string> {
  return new Map(
    [...mirrors.values()].flatMap(({ record: { id, name, networksOnly } }) =>
      networksOnly ? [] : [[id, name] as const]
    ),
  );
}

/** What `?mirrorstats` shows, as numbers; `null`: too many steps. */
async function ofMirrors(
  reader: AnswerContext["reader"],
  range: DateRange,
  asked: Exclude<Step, "hour"> | undefined,
  names: ReadonlyMap<number, string>,
): Promise<Shown | null> {
  const days = daysOf(range);
  const by = asked ?? (days.length <= 92 ? "day" : "month");
  const steps = by === "day" ? days.length : new Set(days.map((day) => day.slice(0, 7))).size;
  if (steps > MOST_STEPS) return null;
  const counts = await reader.mirrorDownloads(periodsOf(range));
  const mirrors = mirrorCounts(counts, (id) => names.get(id));
  const series = await mirrorSeries(reader, (id) => names.has(id), range, by);
  return {
    from: range.start,
    to: range.end,
    downloads: mirrors.reduce((sum, { downloads }) => sum + downloads, 0),
    bytes: mirrors.reduce((sum, { bytes }) => sum + bytes, 0),
    mirrors,
    by,
    series: series.map((step) => ({ ...step, bots: 0 })),
  };
}

/** The days that are asked about, but for those to come; `null`: some do not exist. */
function rangeOf(
  { value, from, to }: HttpRequest["query"],
  today: string,
): DateRange | null {
  const whole = value === "" ? null : parsePeriod(value);
  const first = from === "" ? whole ?? today : parsePeriod(from);
  const last = to === "" ? whole ?? today : parsePeriod(to);
  if ((value !== "" && whole === null) || first === null || last === null) return null;
  const [{ start }, { end }] = [daysOfPeriod(first), daysOfPeriod(last)];
  if (start > end || start > today || Date.parse(end) - Date.parse(start) > LONGEST) return null;
  return { start, end: end < today ? end : today };
}
