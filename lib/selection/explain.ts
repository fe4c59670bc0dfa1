import type { FileCopy } from "../catalog/file.ts";
import type { MirrorRecord } from "../catalog/mirror_state.ts";
import type { ExclusionReason } from "./exclusion_reason.ts";
import type { FamilyUse } from "./family_uses.ts";
import type { Candidate } from "./selection.ts";
import type { SelectionRequest } from "./selection_request.ts";
import { chooseAmong, drawOrder } from "./choice.ts";
import { gather } from "./gather.ts";
import { ownPrefix } from "./own_networks.ts";
import { type Treatment, treatmentOf } from "./rule_set.ts";
import { select } from "./select.ts";
import { chooseStable } from "./stable_choice.ts";
import { copiesOf } from "./whole_tree.ts";

/** Everything that decided about one mirror. */
export interface ExplainedMirror {
  /** What the store has of it. */
  readonly mirror: MirrorRecord;
  /** Base URL with the chosen scheme, or that was tried last. */
  readonly url: string;
  /** Kilometres from the client; 0 when the client is unknown. */
  readonly distance: number;
  /** Its copy of the file. */
  readonly copy: FileCopy;
  /** Why it may not serve; `null`: it may. */
  readonly reason: ExclusionReason | null;
  /** Among whom it stands; `null`: it may not serve. */
  readonly group: "own" | "usual" | Candidate["group"];
  /** What it is good for over the client's family of addresses; `null`: that does not count. */
  readonly family: FamilyUse | null;
  /** What the rules make of it; `null`: none is about it and this client. */
  readonly rule: Treatment | null;
  /** Length of its own network that the client is in; -1: none. */
  readonly prefixLength: number;
  /** How useful it is for this client; 0 when nobody knows. */
  readonly score: number;
  /** What chance goes by; `null`: it is not in the draw. */
  readonly weight: number | null;
  /** Percent of the clients like this one that are sent there; `null`: it is not in the draw. */
  readonly share: number | null;
  /** How much of its weight its quotas leave, 0 to 1. */
  readonly quota: number;
}

/** How a request is decided. */
export interface Explanation {
  /** Those that may serve, best first, and those that may not, by mirror ID. */
  readonly mirrors: readonly ExplainedMirror[];
  /** Who is chosen with that randomness: the first is who serves, the others follow. */
  readonly drawn: readonly Candidate[];
  /** Whether the address of the client takes the place of chance: then it always gets the same. */
  readonly stable: boolean;
}

/**
 * Shows how `select()` decides, by the same steps.
 *
 * @param request who asks for what; whether it is ranked does not matter
 */
export function explain(request: Omit<SelectionRequest, "ranked">): Explanation {
  const { client, options, mirrors, random } = request;
  const ranked = gather({ ...request, ranked: true });
  const { chosen: inRank, others: behind } = chooseAmong(ranked.candidates, client, options, true);
  const { candidates } = gather({ ...request, ranked: false });
  const { chosen, chance, others } = chooseAmong(candidates, client, options, false);
  const tree = request.trees?.of(request.indexed.file.path) ?? null;
  const weights = tree === null ? weightsOf(chosen, chance) : stableWeightsOf(request);
  let sum = 0;
  for (const weight of weights.values()) sum += weight;
  const copies = new Map(
    copiesOf(request.indexed, request.wholeTree ?? null).map((copy) => [copy.mirrorId, copy]),
  );
  const prefixOf = ({ mirror, group }: Candidate): number =>
    group === "behind" ? -1 : ownPrefix(client.network, mirror.id);
  const longest = Math.max(0, ...candidates.map(prefixOf));
  const groupIn = (candidate: Candidate): ExplainedMirror["group"] =>
    prefixOf(candidate) === longest ? "own" : candidate.group ?? "usual";
  const explained = (
    { mirror, url, distance }: Pick<Candidate, "mirror" | "url" | "distance">,
    candidate: Candidate | null,
    reason: ExclusionReason | null,
  ): ExplainedMirror => {
    const prepared = mirrors.get(mirror.id)!;
    const prefixLength = ownPrefix(client.network, mirror.id);
    const weight = candidate === null ? null : weights.get(mirror.id) ?? null;
    return {
      mirror,
      url,
      distance,
      copy: copies.get(mirror.id)!,
      reason,
      group: candidate === null ? null : groupIn(candidate),
      family: client.family === null ? null : prepared.families[client.family],
      rule: treatmentOf(prepared.rules, client),
      prefixLength,
      score: candidate?.score ?? 0,
      weight,
      share: weight === null ? null : weight * 100 / sum,
      quota: prepared.quota,
    };
  };
  const shown = new Set<Candidate>([...inRank, ...behind]);
  return {
    mirrors: [
      ...[...inRank, ...behind].map((one) => explained(one, one, null)),
      ...ranked.excluded.map((one) => explained(one, null, one.reason)),
      ...ranked.candidates.filter((one) => !shown.has(one)).map((one) =>
        explained(one, null, { type: "monopoly" })
      ),
    ],
    stable: tree !== null,
    drawn: tree !== null
      ? select({ ...request, ranked: false }).candidates
      : chance === null
      ? [...chosen, ...others]
      : [
        ...drawOrder(chosen.length, chance, random).map((index) => chosen[index]!),
        ...others,
      ],
  };
}

/** What an address draws by: who may not serve now is weighed, too, and drops out after that. */
function stableWeightsOf(request: Omit<SelectionRequest, "ranked">): Map<number, number> {
  const { candidates, weighed } = gather({ ...request, ranked: false });
  const able = new Set<Candidate>(candidates);
  const carriers = [...candidates, ...weighed].sort((a, b) => a.mirror.id - b.mirror.id);
  const { client, options } = request;
  const { drawn, weights, after } = chooseStable(
    carriers,
    (one) => able.has(one),
    client,
    options,
  );
  if (drawn.length === 0) return weightsOf(after, null);
  return new Map(drawn.map(({ mirror }, index) => [mirror.id, weights[index]!]));
}

/** By mirror ID. Where chance has no say, the first gets everyone. */
function weightsOf(
  chosen: readonly Candidate[],
  chance: ReturnType<typeof chooseAmong>["chance"],
): Map<number, number> {
  if (chance === null) return new Map(chosen.slice(0, 1).map(({ mirror }) => [mirror.id, 1]));
  return new Map(
    chosen.map(({ mirror }, index) => [mirror.id, chance === "even" ? 1 : chance[index]!]),
  );
}
