import { messageOf } from "../../log/message_of.ts";
import { answerKind } from "../../stats/answer_kind.ts";
import { HourTally } from "../../stats/hour_tally.ts";
import { RequestTally, UNTIMED } from "../../stats/request_tally.ts";
import { StoreUnavailableError } from "../../store/store.ts";
import type { MaybePromise } from "../../store/store_reader.ts";
import type { Answer } from "../render/answer.ts";
import { withClientWords } from "../render/client_words.ts";
import { CompressedBodies } from "../render/compressed_bodies.ts";
import { renderError, renderUnavailable } from "../render/error.ts";
import { renderHealth } from "../render/health.ts";
import { renderMoved } from "../render/moved.ts";
import { renderRefusal } from "../render/refusal.ts";
import { respond } from "../render/respond.ts";
import { readClientWords } from "../request/client_words.ts";
import type { HttpConfig } from "../request/config.ts";
import type { FoundFile } from "../request/found_file.ts";
import { isLocal } from "../request/is_local.ts";
import { EMPTY_QUERY, parseQuery } from "../request/query.ts";
import { clientOf, forwarderOf, HttpRequest } from "../request/request.ts";
import type { HttpState } from "../request/state.ts";
import { isHost, readPath, splitTarget } from "../request/target.ts";
import { tlsChoice } from "../request/tls_choice.ts";
import { Wishes } from "../request/wishes.ts";
import type { AnswerContext } from "./answer_context.ts";
import { answerContexts } from "./answer_contexts.ts";
import { answerFound } from "./answer_found.ts";
import { countedAs } from "./counted_as.ts";
import { directoryAnswer } from "./directory_answer.ts";
import type { HandlerOptions } from "./handler_options.ts";
import { lateAnswer } from "./late_answer.ts";
import { type DirectoryView, type FileView, type View, VIEWS, wordsIn } from "./views.ts";

/** Words of a query that fallbacks answer while nobody knows what is held back. */
const FOR_FALLBACKS: ReadonlySet<string> = new Set(["", "mirrorlist"]);

/** Answers one request. Never throws, never rejects. */
export type Handler = (
  request: Request,
  info: Pick<Deno.ServeHandlerInfo, "remoteAddr">,
) => MaybePromise<Response>;

const errorPage = lateAnswer(async () => (await import("./answer_error_page.ts")).answerErrorPage);

/**
 * Makes the function that answers requests. A file that the cache knows is answered at once, without
 * a promise, the disk or the store.
 *
 * @param options what it works with
 * @returns the handler, for `Deno.serve`
 */
export function createHandler(options: HandlerOptions): Handler {
  const program = `Mirrorbits/${options.version}`;
  const compressed = new CompressedBodies();
  const { finder, recorder, forwarders, elapsed } = options;
  const { tally = new RequestTally(), hours = new HourTally() } = options;
  const contextOf = answerContexts(options, program, tally);
  let lastHost = "";

  function answer(request: Request, info: Parameters<Handler>[1]): MaybePromise<Response> {
    const { method, headers, url } = request;
    if (method !== "GET" && method !== "HEAD") return finish(request, renderError(405));
    if (url.length > LONGEST_URL) return finish(request, renderError(414));
    // This makes the runtime fetch all headers at once: getting each by its name first costs more.
    const ranged = headers.has("range");
    // By its name in lower case, the runtime would put the names of all headers in lower case once more.
    const host = headers.get("Host");
    // Most say the same as the one before.
    if (host !== null && host !== lastHost) {
      if (!isHost(host)) return finish(request, renderError(400));
      lastHost = host;
    }
    const target = splitTarget(url);
    let state = options.state();
    if (target.query === "healthz" && target.path === "/") {
      return finish(request, renderHealth(state.trouble, state.but));
    }
    const read = readPath(target.path);
    if (read.type === "malformed") return finish(request, renderError(400));
    if (read.type === "impossible") return finish(request, renderError(404));
    if (read.type === "moved") return finish(request, renderMoved(read.path, target.query));
    const { path, slash } = read;
    const query = target.query === ""
      ? EMPTY_QUERY
      : parseQuery(target.query, wordsIn(state.config));
    const asksFor = query.word === "" ? undefined : VIEWS.get(query.word);
    // To everybody else it is a word like any other.
    const view = asksFor === undefined || isOpen(asksFor, state.config, headers, info)
      ? asksFor
      : undefined;
    const { peers } = state;
    const peer = peers.trustsAll ? null : peers.of(info.remoteAddr);
    const scheme = peer === null || peer.trusted ? state.forwarding.schemeOf(headers) : null;
    const { family } = query;
    const known = clientOf(state, headers, info, peer);
    const asker = family === null ? known : state.clients.over(family, known);
    forwarders.add(forwarderOf(state, asker, headers, peer));
    tally.asked(asker);
    const time = options.now();
    if (state.config.refuse.length > 0) {
      const status = state.rules.refusalOf(asker.view);
      if (status !== null) {
        recorder.record({
          ...NOTHING,
          time,
          type: "REFUSED",
          status,
          method,
          path,
          address: asker.address,
          asNumber: asker.place?.asNumber ?? 0,
          error: "",
        });
        return finish(request, renderRefusal(status));
      }
    }
    if (state.awaitsHolds && query.word !== "mirrorstats") {
      // Began while the store was away: what was held back must not be given away for that. A fallback
      // gives nothing to anybody that it does not give to everybody.
      const leads = state.config.fallbacks.length > 0 &&
        directoryAnswer(state.config) === "fallback" && FOR_FALLBACKS.has(query.word);
      if (!leads) return finish(request, renderUnavailable({ type: "store" }));
      state = { ...state, here: null };
    }
    let find = finder;
    if (state.holds !== null) {
      const excluded = state.holds.of(asker.address);
      if (excluded !== state.excluded) {
        // Some get what is held back for everyone else.
        state = { ...state, excluded };
        find = finder.seeing(excluded);
      }
    }
    const { clientChoice } = state.config;
    const shows = view?.fromIp === true;
    const moves = query.fromIp !== null && (shows || clientChoice === "all");
    const place = moves ? state.clients.of(query.fromIp!) : null;
    const shown = place === null || family === null ? place : state.clients.over(family, place);
    // A list shows anyone how it looks from elsewhere; what is sent has to be open to who asks.
    const from = !moves || shows ? null : shown === null ? "nowhere" : asker.view;
    const words = readClientWords(clientChoice, query, headers, from);
    const asked = new HttpRequest(request, {
      time,
      path,
      slash,
      query,
      ranged,
      client: shown ?? asker,
      asker,
      words,
      bot: isBot(state, headers),
      tls: tlsChoice(query.https, scheme, state.config.allowHttpToHttpsRedirects),
      scheme,
      trusted: peer === null || peer.trusted,
      connection: info,
    });
    const context = find === finder ? contextOf(state) : { ...contextOf(state), finder: find };
    if (view?.of === "server" && state.excluded?.(path)) {
      return finish(request, renderError(404), asked);
    }
    if (view?.of === "server") {
      const answer = countedAs(view.counts, view.answer(context, asked));
      return finishLater(request, asked, answer);
    }
    const found = read.type === "bytes" ? find.findOdd(path) : find.find(path);
    if (found instanceof Promise) return answerLater(request, context, asked, view, found);
    return finishLater(
      request,
      asked,
      answerFound(context, asked, viewOn(found, view, asked, state.config), found),
    );
  }

  /** Apart from the rest: what a function of it uses would be kept for every request. */
  function answerLater(
    request: Request,
    context: AnswerContext,
    asked: HttpRequest,
    view: DirectoryView | FileView | undefined,
    found: Promise<FoundFile>,
  ): MaybePromise<Response> {
    const { config } = context.state;
    const answer = found.then((late) =>
      answerFound(context, asked, viewOn(late, view, asked, config), late)
    );
    return finishLater(request, asked, answer);
  }

  function finishLater(
    request: Request,
    asked: HttpRequest,
    answer: MaybePromise<Answer | Response>,
  ): MaybePromise<Response> {
    if (answer instanceof Response) {
      tally.answeredRedirect();
      hours.answered("redirect", asked.time, asked.bot);
      return answer;
    }
    if (answer instanceof Promise) return finishWaiting(request, asked, answer);
    const whole = asked.words === null ? answer : withClientWords(answer, asked.words);
    return finish(request, whole, asked);
  }

  async function finishWaiting(
    request: Request,
    asked: HttpRequest,
    answer: Promise<Answer | Response>,
  ): Promise<Response> {
    return await finishLater(request, asked, await answer);
  }

  /** Turns an answer into what is sent; browsers get a page that says what is refused. */
  function finish(
    request: Request,
    answer: Answer,
    asked: HttpRequest | null = null,
  ): MaybePromise<Response> {
    const state = options.state();
    const time = asked === null ? options.now() : asked.time;
    const bot = asked === null ? isBot(state, request.headers) : asked.bot;
    const { config } = state;
    const wishes = asked ?? new Wishes(request);
    const tallied = (response: Response): Response => {
      const kind = answerKind(response.status, answer.counts ?? "file");
      tally.answered(kind);
      hours.answered(kind, time, bot);
      return response;
    };
    const send = (shown: Answer): MaybePromise<Response> => {
      const response = respond({ program, gzip: config.gzip, compressed }, wishes, shown);
      return response instanceof Promise ? response.then(tallied) : tallied(response);
    };
    if (answer.message === undefined || !wishes.accepts.html) return send(answer);
    const page = errorPage(contextOf(options.state()), wishes, answer, answer.message);
    return page instanceof Promise ? page.then(send) : send(page);
  }

  function fail(request: Request, error: unknown): Answer {
    if (error instanceof StoreUnavailableError) return renderUnavailable({ type: "store" });
    const { path } = splitTarget(request.url);
    const message = messageOf(error);
    options.log.error(`Cannot answer ${request.method} ${JSON.stringify(path)}: ${message}`);
    recorder.record({
      ...NOTHING,
      time: options.now(),
      method: request.method,
      path,
      error: message,
    });
    return renderError(500);
  }

  async function waitFor(
    request: Request,
    began: number,
    response: Promise<Response>,
  ): Promise<Response> {
    try {
      return await response;
    } catch (error) {
      return await finish(request, fail(request, error));
    } finally {
      tally.missed(elapsed() - began);
    }
  }

  return (request, info) => {
    const began = tally.timesNext ? elapsed() : UNTIMED;
    const { lookups } = tally;
    let response: MaybePromise<Response>;
    try {
      response = answer(request, info);
    } catch (error) {
      response = finish(request, fail(request, error));
    }
    if (response instanceof Promise) {
      // What was done so far is little beside the waiting.
      return waitFor(request, began === UNTIMED ? elapsed() : began, response);
    }
    const took = began === UNTIMED ? UNTIMED : elapsed() - began;
    if (tally.lookups === lookups) tally.hit(took);
    else tally.missed(took);
    return response;
  };
}

/** What is asked of a path: words about directories are, on anything else, words like any other. */
function viewOn(
  found: FoundFile,
  view: DirectoryView | FileView | undefined,
  { query, headers, connection }: HttpRequest,
  config: HttpConfig,
): DirectoryView | FileView | undefined {
  if (view?.of !== "directory" || (found.type === "unindexed" && !found.isFile)) return view;
  for (const word of query.words) {
    const other = VIEWS.get(word);
    if (other?.of === "file" && isOpen(other, config, headers, connection)) return other;
  }
  return undefined;
}

/** Whether somebody may ask for this: some things are for programs of this machine alone. */
function isOpen(
  view: View,
  config: HttpConfig,
  headers: Headers,
  connection: Pick<Deno.ServeHandlerInfo, "remoteAddr">,
): boolean {
  return view.local?.(config) !== true ||
    isLocal(connection.remoteAddr, headers, config.forwardedHeader);
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
  country: "",
  userAgent: null,
} as const;

function isBot({ bots }: Pick<HttpState, "bots">, headers: Headers): boolean {
  return bots !== null && bots.has(headers.get("user-agent"));
}
