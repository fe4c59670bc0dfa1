import type { IndexedFile, SourceFile } from "../../catalog/file.ts";
import { type FileRevision, hasRevisions } from "../../catalog/file_revision.ts";
import type { PieceHashes } from "../../catalog/piece_hashes.ts";
import type { MaybePromise } from "../../store/store_reader.ts";
import type { Answer } from "../render/answer.ts";
import { GONE, renderError } from "../render/error.ts";
import { renderMetalink } from "../render/metalink.ts";
import { METALINK_3 } from "../render/metalink3.ts";
import { METALINK_4 } from "../render/metalink4.ts";
import { awaitsHashes } from "../request/awaits_hashes.ts";
import type { OfferedFile } from "../request/decide.ts";
import { hasPieces } from "../request/has_pieces.ts";
import { listRevisions, listSetRevisions } from "../request/list_revisions.ts";
import { type FileSource, listSources, type SourceList } from "../request/list_sources.ts";
import type { MetalinkVersion } from "../request/metalink_wishes.ts";
import { ownSource } from "../request/own_source.ts";
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
 * @returns it answers with the document; 404 for a directory, 503 for a file that is not indexed or hashed
 *   yet and when nobody can serve
 */
export function answerMetalink(
  version: MetalinkVersion,
): (context: AnswerContext, request: HttpRequest, found: OfferedFile) => MaybePromise<Answer> {
  return (context, request, found) => {
    if (found.type !== "indexed") return renderError(found.isFile ? 503 : 404);
    if (found.gone !== undefined) return renderError(404, GONE);
    if (awaitsHashes(context.state.config, found.indexed.file)) {
      return renderError(503, "Service Unavailable: this file is not hashed yet");
    }
    return metalinkFor(version, context, request, found.indexed);
  };
}

/**
 * Answers with the metalink of a file.
 *
 * @param version which one
 * @param context what it works with
 * @param request who asks
 * @param indexed the file
 * @param onList told who can serve it, if anybody, before the answer is there
 * @returns the document; 503 when nobody can serve, or nothing is known that the file could be checked with
 */
export function metalinkFor(
  version: MetalinkVersion,
  context: AnswerContext,
  request: HttpRequest,
  indexed: IndexedFile,
  onList: (list: SourceList, status: 200 | 503) => void = () => {},
): MaybePromise<Answer> {
  const answer = (
    file: SourceFile,
    list: SourceList,
    revisions?: readonly FileRevision[],
  ): MaybePromise<Answer> => {
    const alone = list.selection.fallback || list.sources.length === 0;
    const own = ownSource(state, request, { type: "indexed", indexed }, alone);
    const sources = own === null
      ? list.sources.slice(0, metalinkMirrors)
      : alone
      ? [own, ...list.sources].slice(0, metalinkMirrors)
      : [...list.sources.slice(0, metalinkMirrors), own];
    // Without a hash, DNF would take whatever a mirror has.
    const vain = sources.length === 0 ||
      revisions !== undefined && file.sha256 + file.sha1 + file.md5 === "";
    onList(list, vain ? 503 : 200);
    return vain
      ? renderError(503)
      : metalinkOf(version, context, request, { ...indexed, file }, sources, revisions);
  };
  const { state, reader, random } = context;
  const { metalinkAlternates, metalinkMirrors } = state.config;
  const { file } = indexed;
  // Of the index of a repository, with former versions: their mirrors are good for DNF, too.
  if (version === 4 || !hasRevisions(file.path)) {
    return answer(file, listSources(state, request, indexed, random));
  }
  const set = state.trees?.sets.get(file.path);
  if (set !== undefined) {
    const revisions = setRevisions(set, file, metalinkAlternates);
    const list = listSetRevisions(state, request, indexed, revisions, random);
    return answer(revisions.file, list, revisions.former);
  }
  const pick = (all: readonly FileRevision[]): MaybePromise<Answer> => {
    const revisions = validRevisions(file, all, metalinkAlternates, request.time);
    return answer(file, listRevisions(state, request, indexed, revisions, random), revisions);
  };
  const all = metalinkAlternates === 0 ? [] : reader.revisions(file.path);
  return all instanceof Promise ? all.then(pick) : pick(all);
}

/** Writes the metalink of a file that somebody can serve. */
function metalinkOf(
  version: MetalinkVersion,
  { state: { config }, pieces, program }: AnswerContext,
  request: HttpRequest,
  { file }: IndexedFile,
  sources: readonly FileSource[],
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
      sources,
    });
  if (!(config.pieceHashes || config.torrents) || !hasPieces(config, file)) return answer(null);
  const known = pieces.of(file, false);
  return known instanceof Promise ? known.then(answer) : answer(known);
}
