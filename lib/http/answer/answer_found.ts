import type { AnswerFacts, DownloadKind, Recorder } from "../../stats/recorder.ts";
import type { MaybePromise } from "../../store/store.ts";
import { answerMirrorList } from "./answer_mirror_list.ts";
import { decide, type OfferedFile } from "../request/decide.ts";
import { type FoundFile, unknownFile } from "../request/found_file.ts";
import type { Header } from "../render/headers.ts";
import type { HttpConfig } from "../request/config.ts";
import type { HttpRequest } from "../request/request.ts";
import type { HttpState } from "../request/state.ts";
import { renderAnswer, wantsJson } from "../render/answer.ts";
import { renderChecksum } from "../render/checksum.ts";
import { renderEmbedded } from "../render/embedded.ts";
import { renderError } from "../render/error.ts";
import { renderNotModified } from "../render/not_modified.ts";
import type { Redirects } from "../render/redirects.ts";
import type { Result } from "../request/result.ts";

/** What {@linkcode answerFound} works with. */
export interface AnswerContext {
  readonly state: HttpState;
  readonly recorder: Recorder;
  /** 0 to 1, exclusive. */
  readonly random: () => number;
  readonly server: Header;
  readonly redirects: Redirects;
}

/**
 * Answers a request once it is known what its path stands for, and records standard answers.
 *
 * @param context state and what else it works with
 * @param request what was asked
 * @param found what the path stands for
 * @returns the response
 */
export function answerFound(
  context: AnswerContext,
  request: HttpRequest,
  found: FoundFile,
): MaybePromise<Response> {
  const { server, state } = context;
  const { view } = request.query;
  if (found.type === "outside") return renderError(server, 403);
  if (found.type === "missing") {
    const embedded = view === "standard" ? renderEmbedded(server, request) : null;
    if (embedded !== null) return embedded;
    if (view === "standard") record(context, request, 404, null, "none");
    return renderError(server, 404);
  }
  if (view === "md5" || view === "sha1" || view === "sha256") {
    if (found.type === "indexed") return renderChecksum(server, found.indexed.file, view);
    if (!found.storeAnswered) return renderError(server, 503);
    return renderChecksum(server, unknownFile(found.path), view);
  }
  if (view === "standard" && found.type === "indexed") {
    const since = request.headers.get("if-modified-since");
    const notModified = renderNotModified(server, since, found.indexed.file.modTime);
    if (notModified !== null) return notModified;
    if (!wantsJson(state.config, request.headers)) {
      const redirect = redirectIndexed(context, request, found);
      if (redirect !== null) return redirect;
    }
  }
  const result = decide(state, request, found, context.random);
  if (view === "mirrorlist") return answerMirrorList(server, state, request, found, result);
  if (result.selection.candidates.length === 0) {
    record(context, request, 503, result, "none");
    return renderError(server, 503);
  }
  const json = wantsJson(state.config, request.headers);
  const kind = json ? "none" : downloadKind(state.config, request, found);
  record(context, request, json ? 200 : 302, result, kind);
  return renderAnswer(server, state.config, request, result, json);
}

/** What nearly everyone asks for. @returns `null` when no mirror can serve it */
function redirectIndexed(
  { state, server, redirects, recorder, random }: AnswerContext,
  request: HttpRequest,
  found: Extract<FoundFile, { type: "indexed" }>,
): Response | null {
  const { time, method, tls, headers } = request;
  const { address, place } = request.client;
  const { indexed } = found;
  const chosen = state.selector.choose(indexed, place, tls, random);
  if (chosen === null) return null;
  const download = downloadKind(state.config, request, found);
  recorder.record({
    time,
    type: "REDIRECT",
    status: 302,
    method,
    path: indexed.file.path,
    address,
    asNumber: place === null ? 0 : place.asNumber,
    candidate: chosen,
    fallback: false,
    error: "",
    download,
    size: indexed.file.size,
    userAgent: agentOf(state.config, headers, download),
  });
  return redirects.to(server, indexed, chosen.stops);
}

function downloadKind(
  { sameDownloadInterval }: HttpConfig,
  { method, ranged }: HttpRequest,
  found: OfferedFile,
): DownloadKind {
  if (method !== "GET" || (found.type === "unindexed" && !found.isFile)) return "none";
  return sameDownloadInterval > 0 && ranged ? "ranged" : "whole";
}

/** Who asks for parts of a download is told by it, and who asked for the whole before. */
function agentOf(
  { sameDownloadInterval }: HttpConfig,
  headers: Headers,
  download: DownloadKind,
): string | null {
  if (download === "none" || sameDownloadInterval === 0) return null;
  return headers.get("user-agent") ?? "";
}

function record(
  { recorder, state }: AnswerContext,
  request: HttpRequest,
  status: number,
  result: Result | null,
  download: DownloadKind,
): void {
  const { time, method, client, headers } = request;
  const json = status === 302 ? false : wantsJson(state.config, headers);
  const facts: AnswerFacts = {
    time,
    type: json ? "JSON" : "REDIRECT",
    status,
    method,
    path: result?.file.path ?? request.path,
    address: client.address,
    asNumber: result?.client?.asNumber ?? 0,
    candidate: result?.selection.candidates[0] ?? null,
    fallback: result?.selection.fallback ?? false,
    error: "",
    download,
    size: result?.file.size ?? 0,
    userAgent: agentOf(state.config, headers, download),
  };
  recorder.record(facts);
}
