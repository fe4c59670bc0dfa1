import { eTag, ifNoneMatch } from "@std/http/etag";
import type { Wishes } from "../request/wishes.ts";
import type { Answer, Body } from "./answer.ts";
import { compress } from "./compress.ts";
import type { CompressedBodies } from "./compressed_bodies.ts";
import type { Header } from "./headers.ts";

/** What {@linkcode respond} works with. */
export interface RespondOptions {
  /** Name and version of the program: `Mirrorbits/1.2.3`. */
  readonly program: string;
  /** Whether the operator lets answers be compressed. */
  readonly gzip: boolean;
  /** Remembers compressed bodies; default: each is compressed anew. */
  readonly compressed?: CompressedBodies;
}

/** An answer whose body is known as bytes. */
type WholeAnswer = Answer & { readonly body: Uint8Array<ArrayBuffer> };

/** Shorter answers are sent as they are: the headers are most of them. */
const WORTH_COMPRESSING = 512;

/** Headers of a 200 that belong on the 304 that stands for it too (RFC 9110 §15.4.5). */
const KEPT_UNMODIFIED = new Set(["Server", "Cache-Control", "Vary", "ETag"]);

const VARY_ENCODING: Header = ["Vary", "Accept-Encoding"];

/**
 * Brings an answer into the form that a client wants: with an entity tag, or nothing at all for what
 * it has already; compressed; without a body for HEAD. The headers of HEAD are those of GET.
 *
 * @param options the program and the configuration
 * @param wishes what the client asked for
 * @param answer what it is told
 * @returns the response; at once but for one with a tag
 * @throws {TypeError} when a header cannot be sent
 */
export function respond(
  options: RespondOptions,
  wishes: Wishes,
  answer: Answer,
): Response | Promise<Response> {
  const { status, body, tagged } = answer;
  if (body === null) return respondWithoutBody(options.program, answer);
  const headers: Header[] = [["Server", options.program], ...answer.headers];
  if (body instanceof ReadableStream) return respondStream(wishes, status, headers, body);
  if (options.gzip && answer.compressible) headers.push(VARY_ENCODING);
  const bytes = typeof body === "string" ? new TextEncoder().encode(body) : body;
  const whole = { ...answer, headers, body: bytes };
  return tagged ? respondTagged(options, wishes, whole) : respondWhole(options, wishes, whole);
}

async function respondTagged(
  options: RespondOptions,
  wishes: Wishes,
  answer: WholeAnswer,
): Promise<Response> {
  const tag = await eTag(answer.body, { weak: true });
  const headers: Header[] = [...answer.headers, ["ETag", tag]];
  if (!ifNoneMatch(wishes.headers.get("if-none-match"), tag)) {
    return makeResponse(304, headers.filter(isKept), null);
  }
  return respondWhole(options, wishes, { ...answer, headers }, tag);
}

function respondWhole(
  { gzip, compressed: memory }: RespondOptions,
  { method, encoding }: Wishes,
  { status, headers, body, compressible }: WholeAnswer,
  tag?: string,
): Response {
  const compressed = encoding !== null && gzip && compressible && body.length >= WORTH_COMPRESSING
    ? tag === undefined || memory === undefined
      ? compress(body, encoding)
      : memory.of(tag, body, encoding)
    : null;
  const all = [...headers];
  if (compressed !== null) all.push(["Content-Encoding", `${encoding}`]);
  // Deno before 2.6 compresses by itself, whatever the configuration says, unless it is told not to.
  else if (encoding !== null && !gzip) all.push(["Cache-Control", "no-transform"]);
  const sent = compressed ?? body;
  all.push(["Content-Length", `${sent.length}`]);
  return makeResponse(status, all, method === "HEAD" ? null : sent);
}

/**
 * Does the same for an answer that is headers and nothing else, which are alike for everyone.
 *
 * @param program its name and version
 * @param answer without a body
 * @returns a response that may be sent any number of times, and must not be changed
 * @throws {TypeError} when a header cannot be sent
 */
export function respondWithoutBody(
  program: string,
  { status, headers }: Pick<Answer, "status" | "headers">,
): Response {
  return makeResponse(status, headers, null, program);
}

/**
 * Makes responses without a body that begin with the same headers. These are looked at once: to copy a
 * response takes a quarter of what it takes to have three headers looked at.
 */
export class ResponseBeginning {
  readonly #blank: Response;

  /**
   * @param program its name and version
   * @param answer what all begin with
   * @throws {TypeError} when a header cannot be sent
   */
  constructor(program: string, answer: Pick<Answer, "status" | "headers">) {
    this.#blank = respondWithoutBody(program, answer);
  }

  /**
   * @param headers that follow
   * @returns a response that may be sent any number of times, and must not be changed
   * @throws {TypeError} when a header cannot be sent
   */
  with(headers: readonly Header[]): Response {
    const response = this.#blank.clone();
    appendAll(response.headers, headers);
    return response;
  }
}

function respondStream(
  { method }: Wishes,
  status: number,
  headers: readonly Header[],
  body: Extract<Body, ReadableStream>,
): Response {
  if (method !== "HEAD") return makeResponse(status, headers, body);
  // Nobody is going to read it: whoever makes it may stop.
  body.cancel().catch(() => {});
  // Without a body, the runtime would say that there are 0 bytes.
  return makeResponse(status, headers, ReadableStream.from([]));
}

function isKept([name]: Header): boolean {
  return KEPT_UNMODIFIED.has(name);
}

/**
 * Makes a Response. The runtime looks at every character of every header: one that cannot be sent is
 * refused here, and not while it is on its way.
 *
 * @param status 200 to 599
 * @param headers in the order in which they are sent
 * @param body what follows; `null`: nothing
 * @param server value of a Server header in front of the others; `null`: it is among them, or nowhere
 * @returns the response
 * @throws {TypeError} when a header holds a line break, or anything that is no header
 */
function makeResponse(
  status: number,
  headers: readonly Header[],
  body: Exclude<Body, string> | null,
  server: string | null = null,
): Response {
  const response = new Response(body, { status });
  // Appended, each is looked at once; a list that is handed over is copied first, which takes longer.
  const target = response.headers;
  if (server !== null) target.append("Server", server);
  appendAll(target, headers);
  return response;
}

function appendAll(target: Headers, headers: readonly Header[]): void {
  for (let i = 0; i < headers.length; i++) target.append(headers[i]![0], headers[i]![1]);
}
