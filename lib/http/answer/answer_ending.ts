import type { IndexedFile } from "../../catalog/file.ts";
import type { MaybePromise } from "../../store/store_reader.ts";
import type { Answer } from "../render/answer.ts";
import type { HttpRequest } from "../request/request.ts";
import type { AnswerContext } from "./answer_context.ts";
import { countedAs } from "./counted_as.ts";
import { VIEWS, wordsIn } from "./views.ts";

/**
 * Answers for a path that does not exist as it does for the query form, when one ending of the path is
 * the word of a view and the rest is a file in the index: `/a.iso.meta4` as `/a.iso?meta4`.
 *
 * @param context what it works with
 * @param request for a path that was not found
 * @returns `null`: the path stands for nothing
 */
export function answerEnding(
  context: AnswerContext,
  request: HttpRequest,
): MaybePromise<Answer | null> {
  const { path } = request;
  const dot = path.lastIndexOf(".");
  if (dot <= path.lastIndexOf("/") + 1) return null;
  const word = path.slice(dot + 1);
  const view = VIEWS.get(word);
  if (view === undefined || view.ending !== true) return null;
  if (!wordsIn(context.state.config).includes(word)) return null;
  const indexed = context.finder.findIndexed(path.slice(0, dot));
  const answer = (late: IndexedFile | null): MaybePromise<Answer | null> =>
    late === null
      ? null
      : countedAs(view.counts, view.answer(context, request, { type: "indexed", indexed: late }));
  return indexed instanceof Promise ? indexed.then(answer) : answer(indexed);
}
