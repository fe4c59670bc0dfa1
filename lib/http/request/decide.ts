import { select } from "../../selection/select.ts";
import { selectFallbacks } from "../../selection/select_fallbacks.ts";
import type { Selection } from "../../selection/selection.ts";
import { type FoundFile, unknownFile } from "./found_file.ts";
import { heedWords } from "./heed_words.ts";
import { ownCandidate } from "../../selection/own_candidate.ts";
import type { HttpRequest } from "./request.ts";
import { selfBase } from "./self_url.ts";
import type { HttpState } from "./state.ts";
import { isBound } from "../../selection/tree.ts";
import type { SetLevel } from "../../selection/set_view.ts";
import type { Result } from "./result.ts";

/** A path that something is to be sent to. */
export type OfferedFile = Extract<FoundFile, { type: "indexed" | "unindexed" }>;

/** How {@linkcode decide} decides. */
export interface DecideOptions {
  /** 0 to 1, exclusive. */
  readonly random: () => number;
  /** Candidates by rank, without the draw. Default: as they are drawn. */
  readonly ranked?: boolean;
  /** Who may be chosen: everybody, everybody but this server, or fallbacks alone. Default: everybody. */
  readonly among?: "all" | "others" | "fallbacks";
}

/**
 * Decides who serves a request: this server where it is to, mirrors, else this server or the fallbacks.
 *
 * @param state mirrors, fallbacks and configuration
 * @param request who asks for what
 * @param found what the path stands for
 * @param options chance, and whether the candidates are wanted by rank
 * @returns the decision; its selection has no candidates when nobody can serve
 */
export function decide(
  state: HttpState,
  request: HttpRequest,
  found: OfferedFile,
  options: DecideOptions,
): Result {
  const { address, place: client } = request.client;
  const file = found.type === "indexed" ? found.indexed.file : unknownFile(found.path);
  const selection = choose(state, request, found, options);
  const gone = found.type === "indexed" ? found.gone : undefined;
  return { file, address, client, selection, ...(gone === undefined ? {} : { gone }) };
}

function choose(
  state: HttpState,
  request: HttpRequest,
  found: OfferedFile,
  { random, ranked = false, among = "all" }: DecideOptions,
): Selection {
  const { tls, asker } = request;
  const own = among === "all" ? ownPlace(state, found) : null;
  let excluded: Selection["excluded"] = [];
  if (found.type === "indexed" && among !== "fallbacks") {
    const { indexed } = found;
    const embargoed = isEmbargoed(state, found);
    const chooseBy = (level: SetLevel): Selection =>
      heedWords(request, (wishes, client) =>
        select({
          indexed,
          mirrors: state.mirrors,
          client,
          tls,
          options: state.config,
          trees: state.trees,
          wholeTree: state.wholeTree,
          ...{ level, embargoed },
          word: request.client.word,
          random,
          ranked,
          wishes,
          onlooker: asker.view,
        }));
    const selection = chooseBy("floor");
    if (own === "first") return withOwn(state, request, selection);
    if (selection.candidates.length > 0) return selection;
    ({ excluded } = selection);
    if (!embargoed && isBound(state.trees, indexed.file.path)) {
      const behind = chooseBy("behind");
      if (behind.candidates.length > 0) return behind;
      if (own !== null) return withOwn(state, request, { ...behind, excluded });
      const fallback = chooseFallback(state, request, random);
      if (fallback.candidates.length > 0) return { ...fallback, excluded };
      // A set never makes a 503.
      const ordinary = chooseBy("any");
      return ordinary.candidates.length > 0 ? ordinary : { ...fallback, excluded };
    }
  }
  if (own !== null) {
    return withOwn(state, request, { candidates: [], excluded, fallback: false });
  }
  // Why the mirrors cannot serve is worth knowing just then.
  return { ...chooseFallback(state, request, random), excluded };
}

/**
 * Whether a file waits until enough mirrors have it. Where nobody else would serve it, it does not.
 *
 * @param state what waits, and who else there is
 * @param found what the path stands for
 */
export function isEmbargoed(
  { embargos, fallbacks, here }: Pick<HttpState, "embargos" | "fallbacks" | "here">,
  found: FoundFile,
): boolean {
  return embargos !== null && found.type === "indexed" && found.gone === undefined &&
    (fallbacks.length > 0 || here?.lastResort === true) && embargos.has(found.indexed.file);
}

/**
 * Whether this server sends a file itself.
 *
 * @param state which files those are
 * @param found what the path stands for
 * @returns rather than anybody, or when no mirror can; `null`: not at all
 */
export function ownPlace(
  { here }: Pick<HttpState, "here">,
  found: OfferedFile,
): "first" | "last" | null {
  if (here === null) return null;
  if (here.has(found)) return "first";
  const there = found.type === "indexed" ? found.gone === undefined : found.isFile;
  return here.lastResort && there ? "last" : null;
}

function withOwn({ config }: HttpState, request: HttpRequest, others: Selection): Selection {
  const candidates = [ownCandidate(selfBase(config, request) ?? ""), ...others.candidates];
  return { ...others, candidates, own: true };
}

function chooseFallback(
  { fallbacks }: HttpState,
  request: HttpRequest,
  random: () => number,
): Selection {
  return heedWords(
    request,
    (wishes, client) => selectFallbacks(fallbacks, client, request.tls, random, wishes),
  );
}
