import { encodePath } from "../../catalog/encode_path.ts";
import type { ErrorLink } from "../pages/error_page.ts";
import type { HttpConfig } from "../request/config.ts";
import type { HttpRequest } from "../request/request.ts";
import { directoryAnswer } from "./directory_answer.ts";
import type { Surroundings } from "./similar_paths.ts";

/**
 * Finds where somebody may go on who was refused: from what is not there to its directory, from what nobody
 * serves, or is not computed yet, to the page of its mirrors; and to the front page.
 *
 * @param config whether directories are listed
 * @param request what was asked
 * @param status of the refusal
 * @param options the language that links ask for, and what is around a path that is not there
 */
export function errorLinks(
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
