import { renderErrorPage } from "../pages/error_page.ts";
import { frameOf } from "../pages/frame.ts";
import type { Answer } from "../render/answer.ts";
import type { HttpConfig } from "../request/config.ts";
import type { Wishes } from "../request/wishes.ts";
import { errorLink } from "./error_link.ts";

/**
 * Makes a page of a refusal.
 *
 * @param program as the Server header names it
 * @param config in force
 * @param wishes what was asked, as far as it was understood
 * @param answer the refusal
 * @param message what it says
 */
export function answerErrorPage(
  program: string,
  config: HttpConfig,
  wishes: Wishes,
  answer: Answer,
  message: string,
): Answer {
  const link = errorLink(config, wishes, answer.status);
  return renderErrorPage(program, frameOf(config), answer, message, link);
}
