import type { AskedFile } from "../../catalog/asked_file.ts";
import type { IndexedFile } from "../../catalog/file.ts";
import { isAsked } from "../../catalog/is_unasked.ts";
import { explain, type ExplainedMirror, type Explanation } from "../../selection/explain.ts";
import { lackingMirrors } from "../../selection/lacking.ts";
import { ownCandidate } from "../../selection/own_candidate.ts";
import { isHidden } from "../../selection/own_networks.ts";
import { seededRandom } from "../../selection/seeded_random.ts";
import { selectFallbacks } from "../../selection/select_fallbacks.ts";
import type { Candidate, Selection, TlsChoice } from "../../selection/selection.ts";
import type { SetLevel } from "../../selection/set_view.ts";
import { isBound } from "../../selection/tree.ts";
import { copiesOf } from "../../selection/whole_tree.ts";
import type { Client } from "./clients.ts";
import { isEmbargoed, ownPlace } from "./decide.ts";
import { heedWords } from "./heed_words.ts";
import type { HttpRequest } from "./request.ts";
import type { HttpState } from "./state.ts";

/** What is to be explained. */
export interface ToExplain extends Pick<HttpRequest, "client" | "asker" | "words"> {
  readonly indexed: IndexedFile;
  readonly tls: TlsChoice;
  /** For the draw. */
  readonly seed: number;
  /** Whether an operator asks, who may see mirrors that are hidden from others. */
  readonly all: boolean;
  /** What is known of the file on mirrors that are never scanned, by ID. Default: nothing. */
  readonly asked?: ReadonlyMap<number, AskedFile>;
}

/** Why a request is answered as it is. */
export interface Explained {
  readonly indexed: IndexedFile;
  readonly client: Client;
  /** Names of what tells where the client is. */
  readonly sources: readonly string[];
  /** The status that the client is refused with; `null`: it is not refused. */
  readonly refused: number | null;
  readonly seed: number;
  /** Whether the address takes the place of chance, so that the seed is of no account. */
  readonly stable: boolean;
  /** Those that may serve, best first, and those that may not. */
  readonly mirrors: readonly ExplainedMirror[];
  /** Names of the enabled mirrors that do not have the file. */
  readonly lacking: readonly string[];
  /** What is known of the file on those that are never scanned; `null`: they were not asked yet. */
  readonly asked: readonly { readonly name: string; readonly file: AskedFile | null }[];
  /** Whom an answer names with that seed, in order; this server first where it sends the file itself. */
  readonly drawn: readonly Candidate[];
  /** Whether those are fallbacks. */
  readonly fallback: boolean;
}

/** The part of the state that decides about requests. */
export type Deciding = Pick<
  HttpState,
  | "mirrors"
  | "fallbacks"
  | "rules"
  | "config"
  | "clients"
  | "trees"
  | "wholeTree"
  | "embargos"
  | "here"
>;

/** Shows how a request is decided, by the same steps as it is. */
export function explained(
  state: Deciding,
  { indexed, client, asker, words, tls, seed, all, asked = new Map() }: ToExplain,
): Explained {
  const { mirrors, config, fallbacks, rules, clients, trees, wholeTree } = state;
  const shown = new Map<Selection, Explanation>();
  const random = seededRandom(seed);
  const embargoed = isEmbargoed(state, { type: "indexed", indexed });
  const chooseBy = (level: SetLevel): Selection =>
    heedWords({ client, asker, words }, (wishes, view) => {
      const explanation = explain({
        ...{
          indexed,
          mirrors,
          ...{ wholeTree, trees, level, embargoed, word: client.word },
          client: view,
          tls,
          options: config,
          random: seededRandom(seed),
          wishes,
        },
        ...(all ? { hidden: true } : { onlooker: asker.view }),
      });
      const selection = { candidates: explanation.drawn, excluded: [], fallback: false };
      shown.set(selection, explanation);
      return selection;
    });
  const bound = !embargoed && isBound(trees, indexed.file.path);
  let chosen = chooseBy("floor");
  if (chosen.candidates.length === 0 && bound) {
    const behind = chooseBy("behind");
    if (behind.candidates.length > 0) chosen = behind;
  }
  let { candidates } = chosen;
  const place = ownPlace(state, { type: "indexed", indexed });
  const own = place === "first" || (place === "last" && candidates.length === 0);
  let fallback = !own && candidates.length === 0;
  if (own) candidates = [ownCandidate(config.publicUrl ?? ""), ...candidates];
  else if (fallback) {
    ({ candidates } = heedWords(
      { client, asker, words },
      (wishes, view) => selectFallbacks(fallbacks, view, tls, random, wishes),
    ));
    // A set never makes a 503.
    if (candidates.length === 0 && bound) {
      chosen = chooseBy("any");
      ({ candidates } = chosen);
      fallback = false;
    }
  }
  const { mirrors: explanation, stable } = shown.get(chosen)!;
  return {
    indexed,
    client,
    sources: client.address === null ? [] : clients.sourcesOf(client.address),
    refused: rules.refusalOf(client.view),
    seed,
    mirrors: explanation,
    stable: stable && !fallback && !own,
    lacking: lackingMirrors(copiesOf(indexed, wholeTree), mirrors.values(), all ? null : asker.view)
      .map(({ name }) => name),
    asked: [...mirrors.values()]
      .filter((mirror) => isAsked(mirror.record) && (all || !isHidden(mirror, asker.view)))
      .map(({ record: { id, name } }) => ({ name, file: asked.get(id) ?? null })),
    drawn: candidates.slice(0, 1 + config.maxLinkHeaders),
    fallback: fallback && candidates.length > 0,
  };
}
