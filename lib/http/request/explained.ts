import type { AskedFile } from "../../catalog/asked_file.ts";
import { isAsked } from "../../catalog/is_unasked.ts";
import type { IndexedFile } from "../../catalog/file.ts";
import { explain, type ExplainedMirror } from "../../selection/explain.ts";
import { isHidden } from "../../selection/is_hidden.ts";
import { lackingMirrors } from "../../selection/lacking.ts";
import { seededRandom } from "../../selection/seeded_random.ts";
import { copiesOf } from "../../selection/whole_tree.ts";
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
  /** Those that may serve, best first, and those that may not. */
  readonly mirrors: readonly ExplainedMirror[];
  /** Names of the enabled mirrors that do not have the file. */
  readonly lacking: readonly string[];
  /** What is known of the file on those that are never scanned; `null`: they were not asked yet. */
  readonly asked: readonly { readonly name: string; readonly file: AskedFile | null }[];
  /** Whom an answer names with that seed, in order. */
  readonly drawn: readonly Candidate[];
  /** Whether those are fallbacks. */
  readonly fallback: boolean;
}

/** Shows how a request is decided, by the same steps as it is. */
export function explained(
  state: Pick<HttpState, "mirrors" | "fallbacks" | "rules" | "config" | "clients" | "wholeTree">,
  { indexed, client, asker, words, tls, seed, all, asked = new Map() }: ToExplain,
): Explained {
  const { mirrors, config, fallbacks, rules, clients, wholeTree } = state;
  const shown = new Map<Selection, readonly ExplainedMirror[]>();
  const random = seededRandom(seed);
  const chosen = heedWords({ client, asker, words }, (wishes, view) => {
    const { mirrors: explanation, drawn } = explain({
      ...{
        indexed,
        mirrors,
        wholeTree,
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
    lacking: lackingMirrors(copiesOf(indexed, wholeTree), mirrors.values(), all ? null : asker.view)
      .map(({ name }) => name),
    asked: [...mirrors.values()]
      .filter((mirror) => isAsked(mirror.record) && (all || !isHidden(mirror, asker.view)))
      .map(({ record: { id, name } }) => ({ name, file: asked.get(id) ?? null })),
    drawn: candidates.slice(0, 1 + config.maxLinkHeaders),
    fallback: fallback && candidates.length > 0,
  };
}
