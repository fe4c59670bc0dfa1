/**
 * What a request came to, in the order of the documentation:
 * `redirect` sends to a mirror, `fallback` to a fallback; `json`, `list` (mirrors, directories, reasons),
 * `stats`, `checksum`, `metalink`, `torrent` (magnet links, info hashes), `file` (what the server has
 * itself: control files, what its pages need, its health, the clean form of a path) are documents;
 * `not_modified` says that the client has it already; `local` is a file of the repository, sent from
 * here; the rest is in vain.
 */
export const ANSWER_KINDS = [
  "redirect",
  "json",
  "list",
  "stats",
  "checksum",
  "metalink",
  "torrent",
  "file",
  "not_modified",
  "fallback",
  "local",
  "not_found",
  "unavailable",
  "refused",
  "error",
] as const;

/** One of {@linkcode ANSWER_KINDS}. */
export type AnswerKind = typeof ANSWER_KINDS[number];

/**
 * Tells what an answer is by its status, where that says it all.
 *
 * @param status of the response
 * @param document what it is when the status is 200 or 302
 */
export function answerKind(status: number, document: AnswerKind): AnswerKind {
  if (status === 304) return "not_modified";
  if (status < 300 || status === 302) return document;
  if (status < 400) return "file";
  if (status === 404 || status === 410) return "not_found";
  if (status < 500) return "refused";
  return status === 503 ? "unavailable" : "error";
}
