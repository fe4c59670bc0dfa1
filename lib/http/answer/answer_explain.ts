import { type AskedFile, askedFiles, askedName } from "../../catalog/asked_file.ts";
import { isAsked } from "../../catalog/is_unasked.ts";
import type { MaybePromise } from "../../store/store_reader.ts";
import type { Answer } from "../render/answer.ts";
import { renderError } from "../render/error.ts";
import { renderExplanation } from "../render/explanation.ts";
import type { OfferedFile } from "../request/decide.ts";
import { explained } from "../request/explained.ts";
import type { HttpRequest } from "../request/request.ts";
import type { AnswerContext } from "./answer_context.ts";

/**
 * Answers with everything that decides who serves a file, as JSON. The number behind the word is the
 * seed of the draw: `?explain=7`; default 1.
 *
 * @param context who decides
 * @param request what was asked
 * @param found what the path stands for
 * @returns a 200; 404 for a directory, 503 for a file that is not indexed yet
 */
export function answerExplain(
  { state, reader }: AnswerContext,
  request: HttpRequest,
  found: OfferedFile,
): MaybePromise<Answer> {
  if (found.type !== "indexed") return renderError(found.isFile ? 503 : 404);
  const { client, asker, words, tls, query, time } = request;
  const seed = /^\d{1,10}$/.test(query.value) ? Number(query.value) : 1;
  const { indexed } = found;
  const answer = (asked: ReadonlyMap<number, AskedFile>): Answer => {
    const question = { client, asker, words, indexed, tls, seed, all: false, asked };
    return renderExplanation(explained(state, question), query.pretty);
  };
  const ids = [...state.mirrors.values()].filter(({ record }) => isAsked(record))
    .map(({ record }) => record.id);
  if (ids.length === 0) return answer(new Map());
  const notes = reader.askedNotes(ids.map((id) => askedName(id, indexed.file.path)));
  return notes instanceof Promise
    ? notes.then((late) => answer(askedFiles(ids, late, time)))
    : answer(askedFiles(ids, notes, time));
}
