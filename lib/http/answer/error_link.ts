import { encodePath } from "../../catalog/encode_path.ts";
import type { ErrorLink } from "../pages/error_page.ts";
import type { HttpConfig } from "../request/config.ts";
import { HttpRequest } from "../request/request.ts";
import type { Wishes } from "../request/wishes.ts";
import { directoryAnswer } from "./directory_answer.ts";

/**
 * Finds where somebody may go on who was refused: from what is not there to its directory, from what nobody
 * serves, or is not computed yet, to the page of its mirrors.
 *
 * @param config whether directories are listed
 * @param request what was asked, as far as it was understood
 * @param status of the refusal
 * @returns `null`: nowhere
 */
export function errorLink(
  config: Pick<HttpConfig, "directories" | "fallbacks">,
  request: Wishes,
  status: number,
): ErrorLink | null {
  if (!(request instanceof HttpRequest)) return null;
  const { path, query } = request;
  if (status === 503 && path !== "/" && query.word !== "mirrorlist") {
    return { target: `${encodePath(path)}?mirrorlist`, text: "The file and its mirrors" };
  }
  if (status !== 404 || directoryAnswer(config) !== "list" || path === "/") return null;
  const above = path.slice(0, path.lastIndexOf("/") + 1);
  return { target: encodePath(above), text: `Index of ${above}` };
}
