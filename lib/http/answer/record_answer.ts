import type { AnswerFacts, DownloadKind } from "../../stats/recorder.ts";
import type { HttpConfig } from "../request/config.ts";
import type { HttpRequest } from "../request/request.ts";
import type { Result } from "../request/result.ts";
import type { AnswerContext } from "./answer_context.ts";
import { wantsJson } from "./wants_json.ts";

/** What came out, for {@linkcode recordAnswer}. */
export interface Outcome {
  readonly status: number;
  /** What was decided; `null` when nothing was. */
  readonly result: Result | null;
  /** How it counts. */
  readonly download: DownloadKind;
  /** Default: as a redirect or JSON. */
  readonly type?: AnswerFacts["type"];
}

/**
 * Records a standard answer, for the counters and the download log.
 *
 * @param context who records
 * @param request what was asked
 * @param outcome what came out
 */
export function recordAnswer(
  { recorder, tally, state }: Pick<AnswerContext, "recorder" | "state" | "tally">,
  request: HttpRequest,
  { status, result, download: asked, type }: Outcome,
): void {
  // Programs that count apart do so with each answer.
  const download = request.bot ? "none" : asked;
  const { time, method, asker } = request;
  if (result !== null) {
    const { candidates, excluded, fallback } = result.selection;
    for (const { reason } of excluded) tally.excluded(reason.type);
    if (status === 302 && !fallback) tally.redirected(candidates[0]!.mirror.id);
  }
  const json = status !== 302 && wantsJson(state.config, request);
  recorder.record({
    time,
    type: type ?? (json ? "JSON" : "REDIRECT"),
    status,
    method,
    path: result?.file.path ?? request.path,
    address: asker.address,
    asNumber: result === null ? 0 : asker.place?.asNumber ?? 0,
    candidate: result?.selection.candidates[0] ?? null,
    fallback: result?.selection.fallback ?? false,
    error: "",
    download,
    size: result?.file.size ?? 0,
    country: asker.place?.countryCode ?? "",
    userAgent: agentOf(state.config, request, download),
  });
}

/**
 * The program of a client: who asks for parts of a download is told by it, and who asked for the whole
 * before.
 *
 * @param config whether anyone wants to know
 * @param request whose header it is
 * @param download how the answer counts
 * @returns `null` when it is not needed, empty when the client does not say
 */
export function agentOf(
  { sameDownloadInterval }: Pick<HttpConfig, "sameDownloadInterval">,
  { headers }: Pick<HttpRequest, "headers">,
  download: DownloadKind,
): string | null {
  if (download === "none" || sameDownloadInterval === 0) return null;
  return headers.get("user-agent") ?? "";
}
