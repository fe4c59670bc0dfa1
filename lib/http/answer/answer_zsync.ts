import type { IndexedFile, SourceFile } from "../../catalog/file.ts";
import { areOf } from "../../catalog/piece_hashes.ts";
import { ZSYNC_PART, type ZsyncHead, zsyncLength } from "../../catalog/zsync_sums.ts";
import { StoreUnavailableError } from "../../store/store.ts";
import type { MaybePromise, StoreReader } from "../../store/store_reader.ts";
import type { Answer } from "../render/answer.ts";
import { GONE, renderError } from "../render/error.ts";
import { renderNotComputed } from "../render/not_computed.ts";
import { renderNotModified } from "../render/not_modified.ts";
import { renderZsync } from "../render/zsync.ts";
import { isNotModified } from "../request/conditions.ts";
import type { OfferedFile } from "../request/decide.ts";
import { hasPieces } from "../request/has_pieces.ts";
import { type FileSource, listSources } from "../request/list_sources.ts";
import type { HttpRequest } from "../request/request.ts";
import type { AnswerContext } from "./answer_context.ts";

/** URLs in a control file at most. */
const MOST_URLS = 5;

/** A line break in a name would begin a line of its own. */
// deno-lint-ignore no-control-regex -- these are what is looked for
const CONTROLS = /[\x00-\x1f\x7f]/;

/**
 * Answers with a control file for zsync.
 *
 * @param context what it works with
 * @param request who asks
 * @param found what the path stands for
 * @returns 200; 404 for what has no sums, 503 for what is not computed yet and for what nobody serves
 */
export function answerZsync(
  context: AnswerContext,
  request: HttpRequest,
  found: OfferedFile,
): MaybePromise<Answer> {
  if (found.type !== "indexed") return renderError(found.isFile ? 503 : 404);
  if (found.gone !== undefined) return renderError(404, GONE);
  const { indexed } = found;
  const { file } = indexed;
  const name = file.path.slice(file.path.lastIndexOf("/") + 1);
  if (!hasPieces(context.state.config, file) || file.size === 0 || CONTROLS.test(name)) {
    return renderError(404, "No piece hashes for this file");
  }
  const head = context.reader.zsyncHead(file.path);
  return head instanceof Promise
    ? head.then((late) => write(context, request, indexed, late))
    : write(context, request, indexed, head);
}

function write(
  context: AnswerContext,
  request: HttpRequest,
  indexed: IndexedFile,
  head: ZsyncHead | null,
): Answer {
  if (head === null || !isOf(head, indexed.file)) return renderNotComputed();
  if (isNotModified(request.headers, head.modTime)) return renderNotModified(head.modTime);
  const sources = zsyncSources(context, request, indexed);
  if (sources.length === 0) return renderError(503);
  return renderZsync({
    file: indexed.file,
    head,
    sources,
    sums: () => sumsOf(context.reader, head),
  });
}

/** Whether it belongs to the version of the file that the index knows. */
function isOf(head: ZsyncHead, file: SourceFile): boolean {
  return areOf(head, file) && (file.sha1 === "" || file.sha1 === head.sha1);
}

/**
 * Those in the draw only, since zsync takes them in any order; one at least. All are drawn for a client of
 * unknown place.
 */
function zsyncSources(
  { state, random }: AnswerContext,
  request: HttpRequest,
  indexed: IndexedFile,
): FileSource[] {
  // zsync 0.6 knows no HTTPS, and fails where nothing else is named.
  const plain = request.scheme !== "https" && request.query.https === null;
  const { candidates, sources } = listSources(state, request, indexed, random, plain);
  const unknown = request.client.place?.located !== true;
  const drawn = sources.filter((_, i) => unknown || candidates[i]!.share !== null);
  const some = drawn.length > 0 ? drawn : sources.slice(0, 1);
  return some.slice(0, MOST_URLS);
}

/** @throws StoreUnavailableError when they are gone meanwhile: what was sent is not to be filled up */
async function* sumsOf(
  reader: Pick<StoreReader, "zsyncPart">,
  head: ZsyncHead,
): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  const length = zsyncLength(head);
  for (let at = 0; at < length; at += ZSYNC_PART) {
    const sums = await reader.zsyncPart(head, at / ZSYNC_PART);
    if (sums?.length !== Math.min(ZSYNC_PART, length - at)) {
      throw new StoreUnavailableError(`The sums of "${head.path}" are gone`);
    }
    yield sums;
  }
}
