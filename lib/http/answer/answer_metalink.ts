import type { IndexedFile, SourceFile } from "../../catalog/file.ts";
import { type FileRevision, hasRevisions } from "../../catalog/file_revision.ts";
import type { PieceHashes } from "../../catalog/piece_hashes.ts";
import type { MaybePromise } from "../../store/store.ts";
import type { Answer } from "../render/answer.ts";
import { GONE, renderError } from "../render/error.ts";
import { renderMetalink } from "../render/metalink.ts";
import { METALINK_3 } from "../render/metalink3.ts";
import { METALINK_4 } from "../render/metalink4.ts";
import type { OfferedFile } from "../request/decide.ts";
import { hasPieces } from "../request/has_pieces.ts";
import { listRevisions, listSetRevisions } from "../request/list_revisions.ts";
import { listSources, type SourceList } from "../request/list_sources.ts";
import type { MetalinkVersion } from "../request/metalink_wishes.ts";
import type { HttpRequest } from "../request/request.ts";
import { selfBase, selfUrl } from "../request/self_url.ts";
import { setRevisions } from "../request/set_revisions.ts";
import { validRevisions } from "../request/valid_revisions.ts";
import type { AnswerContext } from "./answer_context.ts";

const FORMS = { 3: METALINK_3, 4: METALINK_4 } as const;

/**
 * Makes the function that answers with a metalink.
 *
 * @param version which one
 * @returns it answers with the document; 404 for a directory, 503 for a file that is not indexed yet and
 *   when nobody can serve
 */
export function answerMetalink(
  version: MetalinkVersion,
): (context: AnswerContext, request: HttpRequest, found: OfferedFile) => MaybePromise<Answer> {
  return (context, request, found) => {
    if (found.type !== "indexed") return renderError(found.isFile ? 503 : 404);
    if (found.gone !== undefined) return renderError(404, GONE);
    const { indexed } = found;
    if (version === 3 && hasRevisions(indexed.file.path)) {
      return metalinkOfIndex(context, request, indexed);
    }
    const list = listSources(context.state, request, indexed, context.random);
    if (list.sources.length === 0) return renderError(503);
    return metalinkOf(version, context, request, indexed, list);
  };
}

/** Of the index of a repository, with former versions: their mirrors are good for DNF, too. */
function metalinkOfIndex(
  context: AnswerContext,
  request: HttpRequest,
  indexed: IndexedFile,
): MaybePromise<Answer> {
  const { state, reader, random } = context;
  const { metalinkAlternates } = state.config;
  const answer = (
    file: SourceFile,
    revisions: readonly FileRevision[],
    list: SourceList,
  ): MaybePromise<Answer> => {
    // Without a hash, DNF would take whatever a mirror has.
    if (file.sha256 + file.sha1 + file.md5 === "") return renderError(503);
    if (list.sources.length === 0) return renderError(503);
    return metalinkOf(3, context, request, { ...indexed, file }, list, revisions);
  };
  const set = state.trees?.sets.get(indexed.file.path);
  if (set !== undefined) {
    const revisions = setRevisions(set, indexed.file, metalinkAlternates);
    const list = listSetRevisions(state, request, indexed, revisions, random);
    return answer(revisions.file, revisions.former, list);
  }
  const { file } = indexed;
  const pick = (all: readonly FileRevision[]): MaybePromise<Answer> => {
    const revisions = validRevisions(file, all, metalinkAlternates, request.time);
    return answer(file, revisions, listRevisions(state, request, indexed, revisions, random));
  };
  const all = metalinkAlternates === 0 ? [] : reader.revisions(file.path);
  return all instanceof Promise ? all.then(pick) : pick(all);
}

/**
 * Writes the metalink of a file that somebody can serve.
 *
 * @param version which one
 * @param context what it works with
 * @param request who asks
 * @param indexed the file
 * @param list who can serve it
 * @param revisions former versions that are as good
 * @returns a 200
 */
export function metalinkOf(
  version: MetalinkVersion,
  { state: { config }, pieces, program }: AnswerContext,
  request: HttpRequest,
  { file }: IndexedFile,
  { sources }: SourceList,
  revisions: readonly FileRevision[] = [],
): MaybePromise<Answer> {
  const form = FORMS[version];
  const base = selfBase(config, request);
  const answer = (late: PieceHashes | null): Answer =>
    renderMetalink(form, {
      program,
      origin: base === null ? null : selfUrl(base, file.path, form.ending),
      publisher: config.metalinkPublisher,
      file,
      pieces: late,
      revisions,
      sources: sources.slice(0, config.metalinkMirrors),
    });
  if (!(config.pieceHashes || config.torrents) || !hasPieces(config, file)) return answer(null);
  const known = pieces.of(file, false);
  return known instanceof Promise ? known.then(answer) : answer(known);
}
