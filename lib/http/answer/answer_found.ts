import type { MaybePromise } from "../../store/store_reader.ts";
import type { Answer } from "../render/answer.ts";
import { renderEmbedded } from "../render/embedded.ts";
import { renderError } from "../render/error.ts";
import { renderLatest } from "../render/latest.ts";
import type { FoundFile } from "../request/found_file.ts";
import type { HttpRequest } from "../request/request.ts";
import type { AnswerContext } from "./answer_context.ts";
import { answerEnding } from "./answer_ending.ts";
import { answerStandard } from "./answer_standard.ts";
import { countedAs } from "./counted_as.ts";
import { directoryAnswer } from "./directory_answer.ts";
import { lateAnswer } from "./late_answer.ts";
import { recordAnswer } from "./record_answer.ts";
import type { DirectoryView, FileView } from "./views.ts";

const answerDirectory = lateAnswer(async () =>
  (await import("./answer_directory.ts")).answerDirectory
);

/**
 * Answers a request once it is known what its path stands for.
 *
 * @param context what it works with
 * @param request what was asked
 * @param view what the query asks for; `undefined`: the standard answer
 * @param found what the path stands for
 * @returns the answer; a redirect is a response already
 */
export function answerFound(
  context: AnswerContext,
  request: HttpRequest,
  view: DirectoryView | FileView | undefined,
  found: FoundFile,
): MaybePromise<Answer | Response> {
  if (found.type === "outside") return renderError(403);
  if (found.type === "missing") {
    if (view !== undefined) return answerLatest(context, request) ?? renderError(404);
    const embedded = renderEmbedded(request.path);
    if (embedded !== null) return embedded;
    const byEnding = answerEnding(context, request);
    if (byEnding instanceof Promise) {
      return byEnding.then((late) => late ?? answerNamed(context, request));
    }
    return byEnding ?? answerNamed(context, request);
  }
  if (view === undefined && found.type === "unindexed" && !found.isFile) {
    const way = directoryAnswer(context.state.config);
    if (way === "off") return renderError(404, "Not Found: this is a directory");
    if (way === "list") return countedAs("list", answerDirectory(context, request, found));
  }
  if (view === undefined) return answerStandard(context, request, found);
  if (view.of === "directory") {
    const { path } = found.type === "indexed" ? found.indexed.file : found;
    return countedAs(view.counts, view.answer(context, request, path));
  }
  return countedAs(view.counts, view.answer(context, request, found));
}

function answerNamed(context: AnswerContext, request: HttpRequest): Answer {
  return answerLatest(context, request) ?? answerMissing(context, request);
}

/** Sends on who asks for the newest version. @returns `null`: the path stands for none */
function answerLatest(
  { state: { latest, excluded } }: AnswerContext,
  { path, query }: HttpRequest,
): Answer | null {
  const newest = latest.get(path);
  if (newest === undefined || excluded?.(path) || excluded?.(newest)) return null;
  return renderLatest(newest, query.text);
}

function answerMissing(context: AnswerContext, request: HttpRequest): Answer {
  recordAnswer(context, request, { status: 404, result: null, download: "none" });
  return renderError(404);
}
