import { countryOf, FILES, type LoggedRequest } from "./made_log.ts";

/** A request with what it was answered. */
export interface AnsweredRequest extends LoggedRequest {
  readonly status: number;
  /** Host that it was sent to; empty: none. */
  readonly host: string;
}

/** Numbers under names. */
export type Tally = Record<string, number>;

/** What is counted of some time. */
export interface PlainCount {
  downloads: number;
  bytes: number;
  bots: number;
  readonly files: Tally;
  readonly mirrors: Record<string, { downloads: number; bytes: number }>;
  readonly countries: Tally;
  readonly answers: Tally;
}

const SIZES = new Map(FILES);

/** Milliseconds within which parts are one download. */
const SAME = 600_000;

/** A time of a request: its hour, day, month, or the whole log (empty). */
export type TimeName = string;

/**
 * Counts a log as somebody would with pen and paper, line by line.
 *
 * @param log in order of time
 * @param isBot who counts apart
 * @returns by hour, day and month, and of everything under the empty name
 */
export function plainCount(
  log: readonly AnsweredRequest[],
  isBot: (agent: string) => boolean,
): Map<TimeName, PlainCount> {
  const counts = new Map<TimeName, PlainCount>();
  const seen = new Map<string, number>();
  for (const request of log) {
    const text = new Date(request.time).toISOString();
    const bot = isBot(request.agent);
    const counted = !bot && isDownload(request) && isFirst(request, seen);
    for (const length of [13, 10, 7, 4, 0]) {
      count(ofTime(counts, text.slice(0, length)), request, bot, counted);
    }
  }
  return counts;
}

/** Which kind of answer that is. */
export function kindOf({ status, target }: AnsweredRequest): string {
  if (status === 302) return "redirect";
  if (status === 301) return "file";
  if (status === 404) return "not_found";
  if (status === 400 || status === 405) return "refused";
  if (target.endsWith("?mirrorlist")) return "list";
  if (target.endsWith("?sha256")) return "checksum";
  if (target.endsWith("?stats")) return "stats";
  throw new Error(`What is ${status} for ${target}?`);
}

/** What was counted at a time. */
export function ofTime(counts: Map<TimeName, PlainCount>, time: TimeName): PlainCount {
  let found = counts.get(time);
  if (found === undefined) {
    found = { downloads: 0, bytes: 0, bots: 0, files: {}, mirrors: {}, countries: {}, answers: {} };
    counts.set(time, found);
  }
  return found;
}

function isDownload({ method, status, target }: AnsweredRequest): boolean {
  return method === "GET" && status === 302 && SIZES.has(target);
}

/** Whether it is no part of a download that was seen already. */
function isFirst(
  { time, address, agent, target, ranged }: AnsweredRequest,
  seen: Map<string, number>,
): boolean {
  const key = `${address} ${agent} ${target}`;
  const last = seen.get(key) ?? -Infinity;
  seen.set(key, time);
  return !ranged || time - last >= SAME;
}

function count(sum: PlainCount, request: AnsweredRequest, bot: boolean, download: boolean): void {
  if (bot) sum.bots++;
  else add(sum.answers, kindOf(request));
  if (!download) return;
  const size = SIZES.get(request.target)!;
  sum.downloads++;
  sum.bytes += size;
  add(sum.files, request.target);
  add(sum.countries, countryOf(request.address));
  const mirror = sum.mirrors[request.host] ??= { downloads: 0, bytes: 0 };
  mirror.downloads++;
  mirror.bytes += size;
}

function add(tally: Tally, name: string): void {
  tally[name] = (tally[name] ?? 0) + 1;
}
