import { acceptsJson } from "../request/accepts_json.ts";
import type { OfferedFile } from "../request/decide.ts";
import { type Header, RETRY_AFTER } from "../render/headers.ts";
import type { HttpRequest } from "../request/request.ts";
import type { HttpState } from "../request/state.ts";
import { frameOf } from "../pages/frame.ts";
import { renderMirrorList } from "../pages/mirror_list.ts";
import { renderJson } from "../render/json.ts";
import type { Result } from "../request/result.ts";

/**
 * Answers with everything that was decided about a file: as a page for people, or as JSON.
 *
 * @param server the Server header
 * @param state the configuration
 * @param request what was asked
 * @param found what the path stands for
 * @param result what was decided, perhaps without candidates
 * @returns a 200; 503 when nobody can serve, which says why
 */
export function answerMirrorList(
  server: Header,
  { config }: Pick<HttpState, "config">,
  { headers, query }: HttpRequest,
  found: OfferedFile,
  result: Result,
): Response | Promise<Response> {
  const status = result.selection.candidates.length > 0 ? 200 : 503;
  if (!acceptsJson(headers)) {
    return renderMirrorList(server, frameOf(config), found, result, status);
  }
  const { localJsPath } = config;
  const json = renderJson(server, result, { pretty: query.pretty, localJsPath, shares: true });
  json.headers.set("Vary", "Accept");
  if (status === 200) return json;
  json.headers.set(...RETRY_AFTER);
  return new Response(json.body, { status, headers: json.headers });
}
