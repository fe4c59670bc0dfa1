import { encodePath } from "../../catalog/encode_path.ts";
import type { IndexedFile } from "../../catalog/file.ts";
import { rankAll } from "../../selection/rank_all.ts";
import { isBound } from "../../selection/tree.ts";
import { select } from "../../selection/select.ts";
import { selectFallbacks } from "../../selection/select_fallbacks.ts";
import type { Candidate, Selection } from "../../selection/selection.ts";
import type { SetLevel } from "../../selection/set_view.ts";
import { isEmbargoed } from "./decide.ts";
import { heedWords } from "./heed_words.ts";
import type { HttpRequest } from "./request.ts";
import type { HttpState } from "./state.ts";

/** A URL that a document names a file by. */
export interface FileSource {
  /** Absolute and percent-encoded. */
  readonly url: string;
  /** Code of the mirror's first country, two letters in lower case; empty without one. */
  readonly country: string;
}

/** Who serves a file, for documents that name many. */
export interface SourceList {
  /** Best first. */
  readonly candidates: readonly Candidate[];
  /** One for each candidate. */
  readonly sources: readonly FileSource[];
  /** As of a redirect to the first. */
  readonly selection: Selection;
}

/** Whoever would need a user and a password to be asked is named nowhere. */
const CREDENTIALS = /^[a-z][a-z\d+.-]*:\/\/[^/?#]*@/i;

/** What lists of sources are made for. */
export type SourceAsker = Pick<HttpRequest, "tls" | "client" | "asker" | "words">;

/**
 * Lists who serves a file, as a redirect would choose but for copies that are allowed to be old: what a
 * document says of sizes and hashes holds for the present ones only. The fallbacks, when no mirror can.
 *
 * @param state mirrors, fallbacks and configuration
 * @param request who asks
 * @param indexed for which file
 * @param random 0 to 1, exclusive
 * @param plain whether those that are served over HTTP, too, are named so
 * @returns one URL for each, as Location would have it, in the order of {@linkcode rankAll}
 */
export function listSources(
  state: HttpState,
  request: SourceAsker,
  indexed: IndexedFile,
  random: () => number,
  plain = false,
): SourceList {
  const list = (level: SetLevel, present?: ReadonlySet<number>): Candidate[] =>
    rankSources(state, request, indexed, random, level)
      .filter(({ mirror }) => present?.has(mirror.id) ?? true);
  if (isEmbargoed(state, { type: "indexed", indexed })) {
    return sourceList(state, indexed, rankFallbacks(state, request, random), true, plain);
  }
  if (!isBound(state.trees, indexed.file.path)) {
    const all = list("floor");
    if (all.length > 0) return sourceList(state, indexed, all, false, plain);
    const fallbacks = rankFallbacks(state, request, random);
    return sourceList(state, indexed, fallbacks, true, plain);
  }
  // Mirrors at another revision of a metadata set serve another version of the file.
  const { asker, tls } = request;
  const options = { ...state.config, allowOutdatedFiles: [] };
  const { mirrors, wholeTree } = state;
  const { candidates } = select({
    ...{ indexed, mirrors, wholeTree, client: asker.view, tls, options, random, ranked: true },
  });
  const present = new Set(candidates.map(({ mirror }) => mirror.id));
  for (const level of ["floor", "behind"] as const) {
    const all = list(level, present);
    if (all.length > 0) return sourceList(state, indexed, all, false, plain);
  }
  const fallbacks = rankFallbacks(state, request, random);
  if (fallbacks.length > 0) return sourceList(state, indexed, fallbacks, true, plain);
  // A set never makes a 503.
  const ordinary = list("any", present);
  return sourceList(state, indexed, ordinary, ordinary.length === 0, plain);
}

/**
 * Puts the mirrors that serve a file in order, for documents.
 *
 * @param state mirrors and configuration
 * @param request who asks
 * @param indexed for which file
 * @param random 0 to 1, exclusive
 * @param level how old a revision of a metadata set may be
 * @returns best first; of a name that is bound to a revision, each serves the version of its own
 */
export function rankSources(
  { mirrors, config, trees, wholeTree }: HttpState,
  request: SourceAsker,
  indexed: IndexedFile,
  random: () => number,
  level: SetLevel,
): readonly Candidate[] {
  const { tls, asker } = request;
  const options = { ...config, allowOutdatedFiles: [] };
  const common = { indexed, mirrors, tls, options, trees, wholeTree, level, random };
  const onlooker = asker.view;
  const { word } = request.client;
  return heedWords(request, (wishes, client) => ({
    candidates: rankAll({ ...common, onlooker, client, word, wishes }).filter(isPublic),
    ...{ excluded: [], fallback: false },
  })).candidates;
}

/**
 * Puts the fallbacks in order, for documents.
 *
 * @param state the fallbacks
 * @param request who asks
 * @param random 0 to 1, exclusive
 * @returns best first
 */
export function rankFallbacks(
  { fallbacks }: Pick<HttpState, "fallbacks">,
  request: SourceAsker,
  random: () => number,
): readonly Candidate[] {
  return heedWords(request, (wishes, client) => {
    const selection = selectFallbacks(fallbacks, client, request.tls, random, wishes);
    return { ...selection, candidates: selection.candidates.filter(isPublic) };
  }).candidates;
}

/**
 * Names a file by everyone who serves it.
 *
 * @param state mirrors and fallbacks
 * @param indexed the file
 * @param candidates best first
 * @param fallback whether those are fallbacks
 * @param plain as of {@linkcode listSources}
 */
export function sourceList(
  state: HttpState,
  { file }: Pick<IndexedFile, "file">,
  candidates: readonly Candidate[],
  fallback: boolean,
  plain = false,
): SourceList {
  const below = encodePath(file.path).slice(1);
  const sources = candidates.map(({ url, mirror }) => ({
    url: (plain ? plainUrl(state, mirror.id) ?? url : url) + below,
    country: countryOf(mirror.countryCodes),
  }));
  return { candidates, sources, selection: { candidates, excluded: [], fallback } };
}

/** @returns the base URL without TLS; `null` where that is not served */
function plainUrl({ mirrors, fallbacks }: HttpState, id: number): string | null {
  const offer = mirrors.get(id)?.offers.without_tls;
  if (offer !== undefined) return offer.reason === null ? offer.url : null;
  return fallbacks.find(({ record }) => record.id === id)?.urls.without_tls ?? null;
}

function isPublic({ url }: Candidate): boolean {
  return !CREDENTIALS.test(url);
}

function countryOf([first = ""]: readonly string[]): string {
  return /^[a-z]{2}$/i.test(first) ? first.toLowerCase() : "";
}
