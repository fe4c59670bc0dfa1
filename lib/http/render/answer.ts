import { encodePath } from "../../catalog/encode_path.ts";
import { acceptsJson } from "../request/accepts_json.ts";
import type { Header } from "./headers.ts";
import type { HttpConfig } from "../request/config.ts";
import type { HttpRequest } from "../request/request.ts";
import { redirectTexts } from "./redirect_texts.ts";
import { renderJson } from "./json.ts";
import { renderRedirect } from "./redirect.ts";
import type { Result } from "../request/result.ts";

/**
 * Whether the standard answer to a request is JSON.
 *
 * @param config OutputMode decides, `auto` by the client's Accept header
 * @param headers headers of the request
 */
export function wantsJson(
  { outputMode }: Pick<HttpConfig, "outputMode">,
  headers: Headers,
): boolean {
  if (outputMode !== "auto") return outputMode === "json";
  return acceptsJson(headers);
}

/**
 * Renders a decision as a redirect, or as JSON.
 *
 * @param server the Server header
 * @param config what the operator configured about answers
 * @param request what was asked
 * @param result what was decided, with at least one candidate
 * @param json whether the answer is JSON
 * @returns the response
 */
export function renderAnswer(
  server: Header,
  config: HttpConfig,
  request: HttpRequest,
  result: Result,
  json: boolean,
): Response {
  const { pretty } = request.query;
  const { localJsPath, maxLinkHeaders } = config;
  if (json) return renderJson(server, result, { pretty, localJsPath, shares: false });
  const named = result.selection.candidates.slice(0, 1 + maxLinkHeaders);
  const below = encodePath(result.file.path).slice(1);
  return renderRedirect(server, below, named.map(redirectTexts));
}
