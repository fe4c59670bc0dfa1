import type { IndexedFile } from "../../catalog/file.ts";
import type { PieceHashes } from "../../catalog/piece_hashes.ts";
import type { MaybePromise } from "../../store/store_reader.ts";
import type { Answer } from "../render/answer.ts";
import { GONE, renderError } from "../render/error.ts";
import { renderNotComputed } from "../render/not_computed.ts";
import { renderNotModified } from "../render/not_modified.ts";
import { renderInfoHash, renderMagnet, renderTorrent } from "../render/torrent.ts";
import { torrentInfo } from "../render/torrent_info.ts";
import { isNotModified } from "../request/conditions.ts";
import type { OfferedFile } from "../request/decide.ts";
import { hasPieces } from "../request/has_pieces.ts";
import { listSources } from "../request/list_sources.ts";
import type { HttpRequest } from "../request/request.ts";
import { selfBase, selfUrl } from "../request/self_url.ts";
import type { AnswerContext } from "./answer_context.ts";

const FORMS = { torrent: renderTorrent, magnet: renderMagnet, btih: renderInfoHash } as const;

/** Forms of a torrent, by the words that ask for them. */
export type TorrentWord = keyof typeof FORMS;

/**
 * Makes the function that answers with something of a torrent.
 *
 * @param word what
 * @returns it answers with that; 404 for what has no pieces, 503 for what is not computed yet, and for a
 *   torrent that nobody could be asked for
 */
export function answerTorrent(
  word: TorrentWord,
): (context: AnswerContext, request: HttpRequest, found: OfferedFile) => MaybePromise<Answer> {
  return (context, request, found) => {
    if (found.type !== "indexed") return renderError(found.isFile ? 503 : 404);
    if (found.gone !== undefined) return renderError(404, GONE);
    const { indexed } = found;
    const { config } = context.state;
    if (!hasPieces(config, indexed.file)) return renderError(404, "No piece hashes for this file");
    const pieces = context.pieces.of(indexed.file, config.torrentVersion === "hybrid");
    const answer = (late: PieceHashes | null): Answer =>
      write(word, context, request, indexed, late);
    return pieces instanceof Promise ? pieces.then(answer) : answer(pieces);
  };
}

function write(
  word: TorrentWord,
  { state, program, random }: AnswerContext,
  request: HttpRequest,
  indexed: IndexedFile,
  pieces: PieceHashes | null,
): Answer {
  if (pieces === null) return renderNotComputed();
  const { config } = state;
  if (isNotModified(request.headers, pieces.modTime)) return renderNotModified(pieces.modTime);
  const { sources } = listSources(state, request, indexed, random);
  const trackers = config.torrentTrackers;
  if (word === "torrent" && sources.length === 0 && trackers.length === 0) {
    return renderError(503);
  }
  const base = selfBase(config, request);
  const torrentUrl = base === null ? null : selfUrl(base, indexed.file.path, "torrent");
  const info = torrentInfo(pieces, config.torrentVersion === "hybrid");
  return FORMS[word]({ program, pieces, info, trackers, sources, torrentUrl });
}
