import { encodePath } from "../../catalog/encode_path.ts";
import type { IndexedFile } from "../../catalog/file.ts";
import { rankAll } from "../../selection/rank_all.ts";
import { isBound } from "../../selection/is_bound.ts";
import { select } from "../../selection/select.ts";
import { selectFallbacks } from "../../selection/select_fallbacks.ts";
import type { Candidate, Selection } from "../../selection/selection.ts";
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
  request: Pick<HttpRequest, "tls" | "client" | "asker" | "words">,
  indexed: IndexedFile,
  random: () => number,
  plain = false,
): SourceList {
  const { mirrors, config, fallbacks } = state;
  const { tls, asker } = request;
  const options = { ...config, allowOutdatedFiles: [] };
  const { trees } = state;
  const { word } = request.client;
  const onlooker = asker.view;
  // What a document says of sizes and hashes holds for the present version only.
  const present = isBound(trees, indexed.file.path)
    ? new Set(
      select({ indexed, mirrors, client: asker.view, tls, options, random, ranked: true })
        .candidates.map(({ mirror }) => mirror.id),
    )
    : null;
  const ranked = heedWords(request, (wishes, client) => ({
    candidates: rankAll({
      indexed,
      mirrors,
      client,
      tls,
      options,
      trees,
      word,
      random,
      wishes,
      onlooker,
    })
      .filter((one) => isPublic(one) && (present === null || present.has(one.mirror.id))),
    excluded: [],
    fallback: false,
  }));
  const fallback = ranked.candidates.length === 0;
  const { candidates } = fallback
    ? heedWords(request, (wishes, client) => {
      const selection = selectFallbacks(fallbacks, client, tls, random, wishes);
      return { ...selection, candidates: selection.candidates.filter(isPublic) };
    })
    : ranked;
  const below = encodePath(indexed.file.path).slice(1);
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
