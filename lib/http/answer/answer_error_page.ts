import { encodePath } from "../../catalog/encode_path.ts";
import { renderErrorPage } from "../pages/error_page.ts";
import { frameFor } from "../pages/frame_for.ts";
import type { Answer } from "../render/answer.ts";
import { HttpRequest } from "../request/request.ts";
import type { Wishes } from "../request/wishes.ts";
import type { AnswerContext } from "./answer_context.ts";
import { errorLinks } from "./error_links.ts";
import { similarPaths } from "./similar_paths.ts";

/**
 * Makes a page of a refusal.
 *
 * @param context where to look for what is similar
 * @param wishes what was asked, as far as it was understood
 * @param answer the refusal
 * @param message what it says
 */
export async function answerErrorPage(
  context: AnswerContext,
  wishes: Wishes,
  answer: Answer,
  message: string,
): Promise<Answer> {
  const { config } = context.state;
  const asked = wishes instanceof HttpRequest ? wishes : null;
  const frame = await frameFor(config, wishes);
  const suffix = frame.lang === null ? "" : `?lang=${frame.lang}`;
  const missing = asked !== null && answer.status === 404;
  const around = missing ? await similarPaths(context, asked.path) : null;
  return renderErrorPage(context.program, frame, answer, {
    message,
    path: asked?.path ?? null,
    links: asked === null
      ? []
      : errorLinks(config, asked, answer.status, { lang: frame.lang, around }),
    similar: (around?.similar ?? []).map((path) => ({ path, target: encodePath(path) + suffix })),
  });
}
