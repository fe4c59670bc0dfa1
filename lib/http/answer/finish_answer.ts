import type { MaybePromise } from "../../store/store.ts";
import { chooseEncoding, compress } from "../render/compress.ts";
import { entityTag, matchesTag } from "../render/entity_tag.ts";
import type { Header } from "../render/headers.ts";
import type { HttpState } from "../request/state.ts";
import { frameOf } from "../pages/frame.ts";
import { renderErrorPage } from "../pages/error_page.ts";

/** What {@linkcode finishAnswer} works with. */
export interface FinishOptions {
  readonly state: Pick<HttpState, "config">;
  readonly server: Header;
}

/** Shorter answers are sent as they are: the headers are most of them. */
const WORTH_COMPRESSING = 512;

/** Headers of a 200 that belong on the 304 that stands for it too (RFC 9110 §15.4.5). */
const KEPT_UNMODIFIED = ["cache-control", "etag", "server", "vary"];

/**
 * Brings an answer with a body into the form that this client wants: a page instead of plain text for
 * an error, nothing at all for what it has already, compressed if the operator allows it.
 *
 * @param options the configuration
 * @param request method and headers of the request
 * @param response the answer
 * @returns the same answer where nothing is to be done, at once
 */
export function finishAnswer(
  options: FinishOptions,
  request: Pick<Request, "headers">,
  response: Response,
): MaybePromise<Response> {
  if (response.body === null) return response;
  const { status, headers } = response;
  const plain = headers.get("content-type")?.startsWith("text/plain") ?? false;
  if (status >= 400 && plain && acceptsHtml(request.headers)) {
    return errorPage(options, request, response);
  }
  const tagged = status === 200 && isTagged(headers);
  if (!tagged && !options.state.config.gzip) return response;
  return encode(options, request, response, tagged);
}

/** Browsers name HTML; tools do not, or take anything. */
function acceptsHtml(headers: Headers): boolean {
  return headers.get("accept")?.includes("text/html") ?? false;
}

async function errorPage(
  options: FinishOptions,
  request: Pick<Request, "headers">,
  response: Response,
): Promise<Response> {
  const text = (await response.text()).trim();
  const page = renderErrorPage(frameOf(options.state.config), response, text);
  return await encode(options, request, page, false);
}

/** Pages, and the JSON of the same facts, are asked for again and again by those who watch them. */
function isTagged(headers: Headers): boolean {
  return headers.has("vary");
}

async function encode(
  { state }: FinishOptions,
  request: Pick<Request, "headers">,
  response: Response,
  tagged: boolean,
): Promise<Response> {
  const { status } = response;
  const headers = new Headers(response.headers);
  const body = new Uint8Array(await response.arrayBuffer());
  const asked = request.headers.get("accept-encoding");
  if (state.config.gzip) headers.append("Vary", "Accept-Encoding");
  if (tagged) {
    const tag = entityTag(body);
    headers.set("ETag", tag);
    if (matchesTag(request.headers.get("if-none-match"), tag)) {
      const kept = KEPT_UNMODIFIED.map((name): [string, string] => [name, headers.get(name) ?? ""]);
      return new Response(null, { status: 304, headers: kept.filter(([, value]) => value !== "") });
    }
  }
  const encoding = state.config.gzip ? chooseEncoding(asked) : null;
  if (encoding === null || body.length < WORTH_COMPRESSING) {
    // Deno before 2.6 compresses by itself, whatever the configuration says, unless it is told not to.
    if (!state.config.gzip && chooseEncoding(asked) !== null) {
      headers.append("Cache-Control", "no-transform");
    }
    return new Response(body, { status, headers });
  }
  headers.set("Content-Encoding", encoding);
  return new Response(compress(body, encoding), { status, headers });
}
