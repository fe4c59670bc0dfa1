import { utcDay } from "../../clock/utc_day.ts";
import type { StoreReader } from "../../store/store.ts";
import { acceptsJson } from "../request/accepts_json.ts";
import type { Header } from "../render/headers.ts";
import type { HttpState } from "../request/state.ts";
import { mirrorStats } from "../render/mirror_stats.ts";
import { frameOf } from "../pages/frame.ts";
import { renderMirrorStats } from "../pages/mirror_stats.ts";
import { renderMirrorStatsJson } from "../render/mirror_stats_json.ts";

/** Where the facts come from, for {@linkcode answerMirrorStats}. */
export interface MirrorStatsOptions {
  readonly state: HttpState;
  readonly reader: Pick<StoreReader, "mirrorDownloads">;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly server: Header;
}

/**
 * Answers with what every mirror served today (in UTC), how far behind it is and how it is: as a page
 * for people, or as JSON.
 *
 * @param options where to look
 * @param headers headers of the request
 * @param pretty whether JSON is indented
 * @returns a 200
 * @throws StoreUnavailableError
 */
export async function answerMirrorStats(
  { state, reader, now, server }: MirrorStatsOptions,
  headers: Headers,
  pretty: boolean,
): Promise<Response> {
  const time = now();
  const day = utcDay(time);
  const counts = await reader.mirrorDownloads([day]);
  const stats = mirrorStats(state.mirrors.values(), counts, day, time);
  return acceptsJson(headers)
    ? renderMirrorStatsJson(server, stats, pretty)
    : await renderMirrorStats(server, frameOf(state.config), stats);
}
