import { encodePath } from "../../catalog/encode_path.ts";
import { type ErrorLink, renderErrorPage } from "../pages/error_page.ts";
import { frameFor } from "../pages/frame_for.ts";
import type { Answer } from "../render/answer.ts";
import type { HttpConfig } from "../request/config.ts";
import { HttpRequest } from "../request/request.ts";
import type { Wishes } from "../request/wishes.ts";
import type { AnswerContext } from "./answer_context.ts";
import { directoryAnswer } from "./directory_answer.ts";
import { similarPaths, type Surroundings } from "./similar_paths.ts";

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

/**
 * Finds where somebody may go on who was refused: from what is not there to its directory, from what nobody
 * serves, or is not computed yet, to the page of its mirrors; and to the front page.
 *
 * @param config whether directories are listed
 * @param request what was asked
 * @param status of the refusal
 * @param options the language that links ask for, and what is around a path that is not there
 */
function errorLinks(
  config: Pick<HttpConfig, "directories" | "fallbacks">,
  { path, query }: Pick<HttpRequest, "path" | "query">,
  status: number,
  { lang, around }: { readonly lang: string | null; readonly around: Surroundings | null },
): ErrorLink[] {
  const as = (sign: "?" | "&"): string => lang === null ? "" : `${sign}lang=${lang}`;
  const links: ErrorLink[] = [];
  const isList = query.word === "mirrorlist" || query.word === "mirrors";
  if (status === 503 && path !== "/" && !isList) {
    links.push({ target: `${encodePath(path)}?mirrorlist${as("&")}`, kind: "list" });
  }
  if (path === "/" || directoryAnswer(config) !== "list") return links;
  const above = around === null ? path.slice(0, path.lastIndexOf("/") + 1) : around.above;
  if (above !== null && above !== "/") {
    links.push({ target: encodePath(above) + as("?"), kind: "above", path: above });
  }
  links.push({ target: `/${as("?")}`, kind: "front" });
  return links;
}
