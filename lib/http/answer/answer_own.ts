import type { Answer } from "../render/answer.ts";
import { renderAccel } from "../render/accel.ts";
import { renderError } from "../render/error.ts";
import { fileStream } from "../render/file_stream.ts";
import { renderNoSuchPart, renderOwnFile, renderOwnUnmodified } from "../render/own_file.ts";
import { readByteRange } from "../request/byte_range.ts";
import type { OfferedFile } from "../request/decide.ts";
import { isSameVersion, judgeConditions } from "../request/file_conditions.ts";
import { ownCandidate } from "../../selection/own_candidate.ts";
import type { HttpRequest } from "../request/request.ts";
import type { OpenFile } from "../request/repository.ts";
import type { Result } from "../request/result.ts";
import { unknownFile } from "../request/found_file.ts";
import type { AnswerContext } from "./answer_context.ts";
import { recordAnswer } from "./record_answer.ts";

/** Why a file is not sent from here. */
export type NotSent = "missing" | "busy";

/**
 * Sends a file from the repository, or has the front send it, and records that.
 *
 * @param context what it works with
 * @param request what was asked
 * @param found the file
 * @param result what was decided; `null`: it is always sent from here
 * @returns the answer; `missing`: the disk has no such file; `busy`: there is no room for it now
 */
export async function answerOwn(
  context: AnswerContext,
  request: HttpRequest,
  found: OfferedFile,
  result: Result | null,
): Promise<Answer | NotSent> {
  const { state: { config }, repository } = context;
  const root = config.repository;
  const path = found.type === "indexed" ? found.indexed.file.path : found.path;
  const accel = config.serveLocally?.accel ?? null;
  const byFront = accel !== null && request.trusted ? renderAccel(accel, root, path) : null;
  if (byFront !== null) {
    const { type } = await repository.lookup(root, path);
    if (type === "outside") return renderError(403);
    if (type !== "file") return "missing";
    record(context, request, found, result, request.ranged, 200);
    return byFront;
  }
  const file = await repository.open(root, path);
  if (file === "outside") return renderError(403);
  if (file === "missing") return file;
  let kept = false;
  try {
    const answer = await send(context, request, file, path, () => kept = true);
    if (typeof answer === "string") return answer;
    const { status } = answer;
    if (status < 300) record(context, request, found, result, status === 206, status, file.size);
    return answer;
  } finally {
    if (!kept) file[Symbol.dispose]();
  }
}

/** @param keep called when the file is needed further on */
async function send(
  context: AnswerContext,
  { method, headers, connection }: HttpRequest,
  file: OpenFile,
  path: string,
  keep: () => void,
): Promise<Answer | NotSent> {
  const { share, log, clock } = context;
  const verdict = judgeConditions(headers, file);
  if (verdict === "failed") return renderError(412);
  if (verdict === "not_modified") return renderOwnUnmodified(file);
  // Parts are for GET only (RFC 9110 §14.2).
  const wanted = method === "GET" && isSameVersion(headers.get("if-range"), file)
    ? readByteRange(headers.get("range"), file.size)
    : null;
  if (wanted === "unsatisfiable") return renderNoSuchPart(file);
  const length = wanted?.length ?? file.size;
  if (method === "HEAD" || length === 0) {
    return renderOwnFile(path, file, wanted, ReadableStream.from<Uint8Array<ArrayBuffer>>([]));
  }
  const sending = share.begin(length);
  if (sending === null) return "busy";
  let streamed = false;
  try {
    if (wanted !== null) await file.seek(wanted.start);
    if (length <= sending.part) {
      const bytes = await readAll(file, length);
      return bytes === null ? "missing" : renderOwnFile(path, file, wanted, bytes);
    }
    const broken = (reason: string): void =>
      log.debug(`Broke off sending ${JSON.stringify(path)}: ${reason}`);
    const peer = connection.remoteAddr;
    const cut = (): void => context.cut(peer);
    streamed = true;
    keep();
    return renderOwnFile(
      path,
      file,
      wanted,
      fileStream({ file, length, sending, clock, broken, cut }),
    );
  } finally {
    if (!streamed) sending[Symbol.dispose]();
  }
}

/** @returns `null`: the file has become shorter */
async function readAll(file: OpenFile, length: number): Promise<Uint8Array<ArrayBuffer> | null> {
  const bytes = new Uint8Array(length);
  let at = 0;
  while (at < length) {
    const count = await file.read(bytes.subarray(at));
    if (count === null) return null;
    at += count;
  }
  return bytes;
}

function record(
  context: Pick<AnswerContext, "recorder" | "state" | "tally">,
  request: HttpRequest,
  found: OfferedFile,
  result: Result | null,
  ranged: boolean,
  status: number,
  size?: number,
): void {
  const known = found.type === "indexed" ? found.indexed.file : unknownFile(found.path);
  const file = size === undefined || size === known.size ? known : { ...known, size };
  const { address, place: client } = request.client;
  const selection = { candidates: [ownCandidate("")], excluded: [], fallback: false };
  const parts = ranged && context.state.config.sameDownloadInterval > 0;
  recordAnswer(context, request, {
    status,
    result: { address, client, selection, ...result, file },
    download: request.method !== "GET" ? "none" : parts ? "ranged" : "whole",
    type: "LOCAL",
  });
}
