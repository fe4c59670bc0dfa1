import type { Log } from "../../log/log.ts";
import { messageOf } from "../../log/message_of.ts";
import type { Recorder } from "../../stats/recorder.ts";
import { type MaybePromise, type StoreReader, StoreUnavailableError } from "../../store/store.ts";
import { resolveAlias } from "../request/aliases.ts";
import { answerFound } from "./answer_found.ts";
import { answerMirrorStats } from "./answer_mirror_stats.ts";
import type { FileFinder } from "../request/file_finder.ts";
import { answerFileStats } from "./answer_file_stats.ts";
import { finishAnswer } from "./finish_answer.ts";
import { serverHeader } from "../render/headers.ts";
import { clientOf, type HttpRequest } from "../request/request.ts";
import type { HttpState } from "../request/state.ts";
import { parseQuery } from "../request/query.ts";
import { Redirects } from "../render/redirects.ts";
import { renderError } from "../render/error.ts";
import { renderHealth } from "../render/health.ts";
import { renderMoved } from "../render/moved.ts";
import { readPath } from "../request/path.ts";
import { splitTarget } from "../request/target.ts";
import { tlsChoice } from "../request/tls_choice.ts";

/** What a handler needs. */
export interface HandlerOptions {
  /** Everything that answers depend on, as it is now. */
  readonly state: () => HttpState;
  readonly finder: FileFinder;
  readonly reader: Pick<StoreReader, "fileDownloads" | "mirrorDownloads">;
  readonly recorder: Recorder;
  readonly log: Log;
  /** Milliseconds since the epoch, perhaps with a fraction. */
  readonly now: () => number;
  /** 0 to 1, exclusive. */
  readonly random: () => number;
  /** Version of the program, for the Server header. */
  readonly version: string;
}

/** Answers one request. Never throws, never rejects. */
export type Handler = (
  request: Request,
  info: Pick<Deno.ServeHandlerInfo, "remoteAddr">,
) => MaybePromise<Response>;

/**
 * Makes the function that answers requests. A file that the cache knows is answered at once, without
 * a promise, the disk or the store.
 *
 * @param options what it works with
 * @returns the handler, for `Deno.serve`
 */
export function createHandler(options: HandlerOptions): Handler {
  const server = serverHeader(options.version);
  const redirects = new Redirects();

  function answer(request: Request, info: Parameters<Handler>[1]): MaybePromise<Response> {
    const { method, headers } = request;
    if (method !== "GET" && method !== "HEAD") return renderError(server, 405);
    if (request.url.length > LONGEST_URL) return renderError(server, 414);
    const target = splitTarget(request.url);
    if (target.query === "healthz" && target.path === "/") {
      return renderHealth(server, options.state().trouble);
    }
    const read = readPath(target.path);
    if (read.type === "malformed") return renderError(server, 400);
    if (read.type === "impossible") return renderError(server, 404);
    const { path } = read;
    if (read.type === "moved") return renderMoved(server, path, target.query);
    const query = parseQuery(target.query);
    const state = options.state();
    if (query.view === "stats") {
      const file = resolveAlias(state.aliases, path) ?? path;
      const counters = { reader: options.reader, now: options.now(), server };
      return answerFileStats(counters, file, query.period);
    }
    if (query.view === "mirrorstats") {
      return answerMirrorStats({ ...options, state, server }, headers, query.pretty);
    }
    const { peers } = state;
    const peer = peers.trustsAll ? null : peers.of(info.remoteAddr);
    // This makes the runtime fetch all headers at once: getting each by its name first costs more.
    const ranged = headers.has("range");
    const forwardedProto = peer === null || peer.trusted ? headers.get("x-forwarded-proto") : null;
    const asked: HttpRequest = {
      time: options.now(),
      method,
      path,
      query,
      headers,
      ranged,
      client: clientOf(state, query, headers, info, peer),
      tls: tlsChoice(query.https, forwardedProto, state.config.allowHttpToHttpsRedirects),
    };
    const found = options.finder.find(path);
    const { recorder, random } = options;
    const context = { state, server, redirects, recorder, random };
    return found instanceof Promise
      ? found.then((late) => answerFound(context, asked, late))
      : answerFound(context, asked, found);
  }

  function fail(request: Request, error: unknown): Response {
    if (error instanceof StoreUnavailableError) return renderError(server, 503);
    const { path } = splitTarget(request.url);
    const message = messageOf(error);
    options.log.error(`Cannot answer ${request.method} ${JSON.stringify(path)}: ${message}`);
    options.recorder.record({
      ...NOTHING,
      time: options.now(),
      method: request.method,
      path,
      error: message,
    });
    return renderError(server, 500);
  }

  function finish(request: Request, response: Response): MaybePromise<Response> {
    if (response.status === 302) return response;
    return finishAnswer({ state: options.state(), server }, request, response);
  }

  return (request, info) => {
    try {
      const response = answer(request, info);
      return response instanceof Promise
        ? response.then(
          (late) => finish(request, late),
          (error: unknown) => finish(request, fail(request, error)),
        )
        : finish(request, response);
    } catch (error) {
      return finish(request, fail(request, error));
    }
  };
}

/** Characters that a URL may have; longer than any path that a disk can hold with its query. */
const LONGEST_URL = 16_384;

/** Facts about an answer that came to nothing. */
const NOTHING = {
  type: "REDIRECT",
  status: 500,
  address: null,
  asNumber: 0,
  candidate: null,
  fallback: false,
  download: "none",
  size: 0,
  userAgent: null,
} as const;
