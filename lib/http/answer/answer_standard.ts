import { encodePath } from "../../catalog/encode_path.ts";
import type { DownloadKind } from "../../stats/recorder.ts";
import type { MaybePromise } from "../../store/store_reader.ts";
import type { Answer } from "../render/answer.ts";
import { renderUnavailable } from "../render/error.ts";
import { VARY_ACCEPT } from "../render/headers.ts";
import { renderJson } from "../render/json.ts";
import { renderNotModified } from "../render/not_modified.ts";
import { renderRedirect } from "../render/redirect.ts";
import { type Extras, NO_EXTRAS } from "../render/redirect_extras.ts";
import { redirectTexts } from "../render/redirect_texts.ts";
import { type WhyNobody, whyNobody } from "../render/why_nobody.ts";
import { awaitsHashes } from "../request/awaits_hashes.ts";
import { isNotModified } from "../request/conditions.ts";
import type { HttpConfig } from "../request/config.ts";
import { decide, isEmbargoed, type OfferedFile } from "../request/decide.ts";
import type { FoundFile } from "../request/found_file.ts";
import { hasPieces } from "../request/has_pieces.ts";
import { metalinkVersion, metalinkWishes } from "../request/metalink_wishes.ts";
import type { HttpRequest } from "../request/request.ts";
import type { Result } from "../request/result.ts";
import { selfBase } from "../request/self_url.ts";
import type { AnswerContext } from "./answer_context.ts";
import { lateAnswer } from "./late_answer.ts";
import { agentOf, recordAnswer } from "./record_answer.ts";
import { describedBy } from "./views.ts";
import { wantsJson } from "./wants_json.ts";

const answerOwn = lateAnswer(async () => (await import("./answer_own.ts")).answerOwn);
const metalinkFor = lateAnswer(async () => (await import("./answer_metalink.ts")).metalinkFor);

/**
 * Sends a client to who serves the file, sends that itself, or tells it in JSON, and records that.
 *
 * @param context what it works with
 * @param request what was asked
 * @param found what the path stands for
 * @returns the answer; what nearly everyone gets is a response already
 */
export function answerStandard(
  context: AnswerContext,
  request: HttpRequest,
  found: OfferedFile,
): MaybePromise<Answer | Response> {
  const { config, here } = context.state;
  const json = wantsJson(config, request);
  const own = here !== null && !json && here.has(found);
  if (found.type === "indexed") {
    const { modTime } = found.indexed.file;
    if (!own && modTime !== null && isNotModified(request.headers, modTime)) {
      return varying(config, renderNotModified(modTime));
    }
    if (config.metalinkNegotiation && !json && found.gone === undefined) {
      const negotiated = awaitsHashes(config, found.indexed.file)
        ? null
        : answerNegotiated(context, request, found);
      if (negotiated !== null) return negotiated;
    }
    // What a client says of mirrors is decided for it alone.
    const redirect = json || own || request.words !== null || isEmbargoed(context.state, found)
      ? null
      : redirectIndexed(context, request, found);
    if (redirect !== null) return redirect;
  }
  if (own) return answerHere(context, request, found, null);
  const result = decide(context.state, request, found, context);
  return result.selection.own === true && !json
    ? answerHere(context, request, found, result)
    : answerDecided(context, request, found, result);
}

/** Sends the file itself; where that cannot be, sends a client to others. */
async function answerHere(
  context: AnswerContext,
  request: HttpRequest,
  found: OfferedFile,
  decided: Result | null,
): Promise<Answer> {
  const { state, random } = context;
  const answer = await answerOwn(context, request, found, decided);
  if (typeof answer !== "string") return varying(state.config, answer);
  // Where it is only too much now, mirrors are no better than they were.
  const among = answer === "busy" ? "fallbacks" : "others";
  const result = decide(state, request, found, { random, among });
  const why = answer === "busy" ? BUSY : null;
  return answerDecided(context, request, found, result, why);
}

/** Why nobody serves what is served from here alone, where that is too much now. */
const BUSY: WhyNobody = { type: "busy" };

/** Tells whom somebody is sent to. */
function answerDecided(
  context: AnswerContext,
  request: HttpRequest,
  found: OfferedFile,
  result: Result,
  why: WhyNobody | null = null,
): Answer {
  const { config } = context.state;
  const { file, selection } = result;
  if (selection.candidates.length === 0) {
    recordAnswer(context, request, { status: 503, result, download: "none" });
    return renderUnavailable(why ?? whyNobody(found, selection));
  }
  if (wantsJson(config, request)) {
    recordAnswer(context, request, { status: 200, result, download: "none" });
    const { localJsPath } = config;
    const { pretty } = request.query;
    const answer = renderJson(result, { pretty, localJsPath, list: false });
    return { counts: "json", ...varying(config, answer) };
  }
  const download = downloadKind(config, request, found);
  recordAnswer(context, request, { status: 302, result, download });
  const named = selection.candidates.slice(0, 1 + config.maxLinkHeaders);
  // A server that lists directories wants their slash.
  const slash = found.type === "unindexed" && !found.isFile && request.slash ? "/" : "";
  return {
    counts: selection.fallback ? "fallback" : "redirect",
    ...renderRedirect(
      encodePath(file.path).slice(1) + slash,
      named.map(redirectTexts),
      found.type === "indexed" ? extrasOf(context, request, found) : varyOf(config),
    ),
  };
}

/** What nearly everyone asks for. @returns `null` when no mirror can serve it */
function redirectIndexed(
  context: AnswerContext,
  request: HttpRequest,
  found: Extract<FoundFile, { type: "indexed" }>,
): Response | null {
  const { state, redirects, recorder, tally, random } = context;
  const { time, method, tls } = request;
  const { address, place, view, word } = request.client;
  const { indexed } = found;
  const chosen = state.selector.choose(indexed, view, tls, random, word);
  if (chosen === null) return null;
  tally.redirected(chosen.mirror.id);
  if (chosen.unable !== null) tally.excludedAll(chosen.unable);
  if (chosen.unwanted !== null) tally.excludedAll(chosen.unwanted);
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
    country: place === null ? "" : place.countryCode,
    userAgent: agentOf(state.config, request, download),
  });
  return redirects.to(indexed, chosen.stops, extrasOf(context, request, found));
}

/** What a redirect says where it is not the only form that the answer may have. */
const VARY_ONLY: Extras = [VARY_ACCEPT];

function varyOf({ metalinkNegotiation }: HttpConfig): Extras {
  return metalinkNegotiation ? VARY_ONLY : NO_EXTRAS;
}

/** Tells caches that another client may get another form. */
function varying(config: HttpConfig, answer: Answer): Answer {
  return { ...answer, headers: [...answer.headers, ...varyOf(config)] };
}

/** What a redirect for a file says besides; nothing, for nearly everyone. */
function extrasOf(
  { state: { config }, extras }: AnswerContext,
  request: HttpRequest,
  { indexed, gone }: Extract<FoundFile, { type: "indexed" }>,
): Extras {
  const vary = config.metalinkNegotiation;
  const wishes = gone === undefined ? metalinkWishes(config, request) : null;
  if (wishes === null) return varyOf(config);
  const base = selfBase(config, request);
  const all = describedBy(config);
  const described = hasPieces(config, indexed.file)
    ? all
    : all.filter(([word]) => word !== "torrent");
  return extras.of(indexed, { base, wishes, describedBy: described, vary });
}

/** A metalink in place of the redirect, for a client that accepts one by name; it counts as a download. */
function answerNegotiated(
  context: AnswerContext,
  request: HttpRequest,
  found: Extract<FoundFile, { type: "indexed" }>,
): MaybePromise<Answer> | null {
  const { config } = context.state;
  const version = config.metalink && config.outputMode === "auto" ? metalinkVersion(request) : null;
  if (version === null) return null;
  const { indexed } = found;
  const answer = metalinkFor(version, context, request, indexed, ({ selection }, status) => {
    const { address, place: client } = request.client;
    const result = { file: indexed.file, address, client, selection };
    if (status === 503) recordAnswer(context, request, { status, result, download: "none" });
    else {
      const download = downloadKind(config, request, found);
      recordAnswer(context, request, { status, result, download, type: "METALINK" });
    }
  });
  const counted = (answer: Answer): Answer =>
    answer.status === 200 ? { ...varying(config, answer), counts: "metalink" } : answer;
  return answer instanceof Promise ? answer.then(counted) : counted(answer);
}

function downloadKind(
  { sameDownloadInterval }: HttpConfig,
  { method, ranged, bot }: HttpRequest,
  found: OfferedFile,
): DownloadKind {
  // Programs that count apart do so with each answer.
  if (bot || method !== "GET" || (found.type === "unindexed" && !found.isFile)) return "none";
  return sameDownloadInterval > 0 && ranged ? "ranged" : "whole";
}
