import type { IndexedFile } from "../../catalog/file.ts";
import { explain, type ExplainedMirror } from "../../selection/explain.ts";
import { lackingMirrors } from "../../selection/lacking.ts";
import { seededRandom } from "../../selection/seeded_random.ts";
import { selectFallbacks } from "../../selection/select_fallbacks.ts";
import type { Candidate, Selection, TlsChoice } from "../../selection/selection.ts";
import type { Client } from "./clients.ts";
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
  /** Those that may serve, best first, and those that may not. */
  readonly mirrors: readonly ExplainedMirror[];
  /** Names of the enabled mirrors that do not have the file. */
  readonly lacking: readonly string[];
  /** Whom an answer names with that seed, in order. */
  readonly drawn: readonly Candidate[];
  /** Whether those are fallbacks. */
  readonly fallback: boolean;
}

/** Shows how a request is decided, by the same steps as it is. */
export function explained(
  state: Pick<HttpState, "mirrors" | "fallbacks" | "rules" | "config" | "clients">,
  { indexed, client, asker, words, tls, seed, all }: ToExplain,
): Explained {
  const { mirrors, config, fallbacks, rules, clients } = state;
  const shown = new Map<Selection, readonly ExplainedMirror[]>();
  const random = seededRandom(seed);
  const chosen = heedWords({ client, asker, words }, (wishes, view) => {
    const { mirrors: explanation, drawn } = explain({
      ...{
        indexed,
        mirrors,
        client: view,
        tls,
        options: config,
        random: seededRandom(seed),
        wishes,
      },
      ...(all ? { hidden: true } : { onlooker: asker.view }),
    });
    const selection = { candidates: drawn, excluded: [], fallback: false };
    shown.set(selection, explanation);
    return selection;
  });
  const fallback = chosen.candidates.length === 0;
  const { candidates } = fallback
    ? heedWords(
      { client, asker, words },
      (wishes, view) => selectFallbacks(fallbacks, view, tls, random, wishes),
    )
    : chosen;
  return {
    indexed,
    client,
    sources: client.address === null ? [] : clients.sourcesOf(client.address),
    refused: rules.refusalOf(client.view),
    seed,
    mirrors: shown.get(chosen)!,
    lacking: lackingMirrors(indexed, mirrors.values(), all ? null : asker.view)
      .map(({ name }) => name),
    drawn: candidates.slice(0, 1 + config.maxLinkHeaders),
    fallback: fallback && candidates.length > 0,
  };
}
