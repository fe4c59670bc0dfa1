import { frameFor } from "../pages/frame_for.ts";
import { renderMirrors } from "../pages/mirrors.ts";
import type { Answer } from "../render/answer.ts";
import { renderError } from "../render/error.ts";
import { forAMinute } from "../render/for_a_minute.ts";
import { VARY_ACCEPT } from "../render/headers.ts";
import { renderMirrorsJson } from "../render/mirrors_json.ts";
import { MIRROR_TEXTS, renderMirrorsText } from "../render/mirrors_text.ts";
import { countCarriers, listMirrors } from "../request/list_mirrors.ts";
import type { SourceAsker } from "../request/list_sources.ts";
import type { HttpRequest } from "../request/request.ts";
import type { HttpState } from "../request/state.ts";
import type { AnswerContext } from "./answer_context.ts";

/** Forms of the list. */
const FORMATS = [...MIRROR_TEXTS, "json", "html"] as const;

/**
 * Answers with the mirrors that may serve a client and carry a directory, for package managers and people:
 * `?mirrors`, in the form of `format`, else in what the client accepts; with `name` only that one.
 *
 * @param context what it works with
 * @param request what was asked
 * @param directory its path
 * @returns a 200; 400 for a format that there is not, 404 when nobody of that name serves, 503 when nobody does
 */
export async function answerMirrors(
  { state, random, program }: AnswerContext,
  request: HttpRequest,
  directory: string,
): Promise<Answer> {
  const { accepts, query, time } = request;
  const byAccept = accepts.json ? "json" : accepts.html ? "html" : "text";
  const format = query.format === "" ? byAccept : FORMATS.find((one) => one === query.format);
  if (format === undefined) {
    return renderError(400, `Bad Request: format has to be one of ${FORMATS.join(", ")}`);
  }
  const all = listMirrors(state, seenFrom(state, request), directory, time, random);
  const listed = query.name === null
    ? all
    : all.filter(({ candidate }) => candidate.mirror.name === query.name);
  if (listed.length === 0) {
    return query.name === null
      ? renderNone(state, directory, time)
      : renderError(404, "Not Found: no mirror of this name serves this here now");
  }
  const answer = format === "json"
    ? renderMirrorsJson(directory, listed, query.pretty)
    : format === "html"
    ? renderMirrors(program, await frameFor(state.config, request), directory, listed)
    : renderMirrorsText(format, directory, listed);
  const varies = answer.headers.some(([name]) => name === "Vary");
  const headers = varies ? answer.headers : [...answer.headers, VARY_ACCEPT];
  const hidden = all.some(({ candidate }) => candidate.mirror.networksOnly);
  return forAMinute({ ...answer, headers }, hidden ? "network" : "client");
}

/** An empty list, and why it is; on a page in the words that files have, which every language knows. */
function renderNone(state: HttpState, directory: string, now: number): Answer {
  const count = countCarriers(state, directory, now);
  const text = state.mirrors.size === 0
    ? "there are no mirrors yet"
    : count === 0
    ? "no mirror has this directory yet as it is now, try again later"
    : "no mirror that has this directory is up and may serve you, try again later";
  const why = count === 0 ? { type: "no_mirror" } as const : { type: "down", count } as const;
  return { ...renderError(503, `Service Unavailable: ${text}`), why };
}

/** A list shows anyone how it looks from elsewhere. */
function seenFrom({ clients }: HttpState, request: HttpRequest): SourceAsker {
  const { query: { family, fromIp } } = request;
  const place = fromIp === null ? null : clients.of(fromIp);
  if (place === null) return request;
  const client = family === null ? place : clients.over(family, place);
  const { asker, words, tls } = request;
  return { client, asker, words, tls };
}
