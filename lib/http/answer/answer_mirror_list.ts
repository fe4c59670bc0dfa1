import { lackingMirrors } from "../../selection/lacking.ts";
import { copiesOf } from "../../selection/whole_tree.ts";
import type { MaybePromise } from "../../store/store_reader.ts";
import { frameFor } from "../pages/frame_for.ts";
import { listAsked } from "../pages/list_links.ts";
import { renderMirrorList } from "../pages/mirror_list.ts";
import { NO_FORMS } from "../pages/share_card.ts";
import type { Answer } from "../render/answer.ts";
import { renderError } from "../render/error.ts";
import { renderJson } from "../render/json.ts";
import { renderMoved } from "../render/moved.ts";
import { decide, type OfferedFile } from "../request/decide.ts";
import type { HttpRequest } from "../request/request.ts";
import type { Result } from "../request/result.ts";
import type { AnswerContext } from "./answer_context.ts";
import { directoryAnswer } from "./directory_answer.ts";
import { offeredForms } from "./offered_forms.ts";

/**
 * Answers with everything that is decided about a file, the mirrors by rank: as a page for people, or
 * as JSON.
 *
 * @param context who decides
 * @param request what was asked
 * @param found what the path stands for
 * @returns a 200; 301 to that of a file in it; 503 when nobody can serve, which says why; 400 when
 *   `fromip` is no address: the page has the list of who asks, with what to mend
 */
export function answerMirrorList(
  context: AnswerContext,
  request: HttpRequest,
  found: OfferedFile,
): MaybePromise<Answer> {
  const { state, random } = context;
  const { value, lang } = request.query;
  if (found.type === "unindexed" && !found.isFile && isName(value)) {
    const base = request.path === "/" ? "" : request.path;
    const language = lang === null ? "" : `&lang=${encodeURIComponent(lang)}`;
    return renderMoved(`${base}/${value}`, `mirrorlist${language}`);
  }
  const result = decide(state, request, found, { random, ranked: true });
  const { config } = state;
  if (!request.accepts.json) return listPage(context, request, found, result);
  const { fromIp, pretty } = request.query;
  if (fromIp !== null && state.clients.of(fromIp) === null) {
    return renderError(400, "Bad Request: fromip must be an IP address");
  }
  return renderJson(result, { pretty, localJsPath: config.localJsPath, list: true });
}

/** Whether a text names something in a directory. */
function isName(text: string): boolean {
  return /^[^\0/]{1,255}$/.test(text) && text !== "." && text !== "..";
}

async function listPage(
  context: AnswerContext,
  request: HttpRequest,
  found: OfferedFile,
  result: Result,
): Promise<Answer> {
  const { state, program } = context;
  const { config } = state;
  const { fromIp } = request.query;
  const moved = fromIp !== null && state.clients.of(fromIp) !== null;
  const asked = listAsked(request, moved, config.clientChoice !== "none");
  const lacking = found.type === "indexed"
    ? lackingMirrors(
      copiesOf(found.indexed, state.wholeTree),
      state.mirrors.values(),
      request.asker.view,
    )
    : [];
  const forms = found.type === "indexed" ? await offeredForms(context, found.indexed) : NO_FORMS;
  return await renderMirrorList(program, await frameFor(config, request), found, result, {
    ...asked,
    lacking,
    forms,
    browsed: directoryAnswer(config) === "list",
  });
}
