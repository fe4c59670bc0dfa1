import type { GeoRecord } from "../geo/geo_record.ts";
import { geographicalScore, plainScore, scaleOf } from "./score.ts";
import type { Candidate } from "./selection.ts";
import type { SelectionOptions } from "./selection_request.ts";
import { shuffle } from "./shuffle.ts";
import { weightedDraw } from "./weighted_draw.ts";

/** How many mirrors an answer gets that left the order to chance. */
const DRAWN_AT_MOST = 5;

/** A candidate whose score and share are still to be set. */
export type UnscoredCandidate = { -readonly [Key in keyof Candidate]: Candidate[Key] };

/** What chance goes by: one weight for each candidate, or all alike. `null`: it has no say. */
export type Chance = readonly number[] | "even" | null;

/** Who may serve a request, before chance has its say. */
export interface Choice<Scored extends Candidate = Candidate> {
  /** Everyone, best first, where chance has no say; else those that it chooses among. */
  readonly candidates: readonly Scored[];
  readonly chance: Chance;
}

/**
 * Scores the candidates of a request and finds out what is left to chance.
 *
 * @param candidates those that may serve it, by mirror ID; they are scored in place
 * @param client who asks; `null` when no database knows it
 * @param options what the operator configured
 * @param ranked whether nothing is to be left to chance
 * @returns the same for the same arguments
 */
export function chooseAmong<Unscored extends UnscoredCandidate>(
  candidates: Unscored[],
  client: GeoRecord | null,
  options: SelectionOptions,
  ranked: boolean,
): Choice<Unscored> {
  if (client === null || !client.located) return { candidates, chance: ranked ? null : "even" };
  const inDraw: Unscored[] = [];
  const weights: number[] = [];
  score(candidates, client, options, inDraw, weights);
  let sum = 0;
  for (let i = 0; i < weights.length; i++) sum += weights[i]!;
  for (let i = 0; i < inDraw.length; i++) inDraw[i]!.share = weights[i]! * 100 / sum;
  if (inDraw.length < 2 || ranked) {
    // The sort is stable: equal scores stay in order of mirror ID.
    return { candidates: candidates.sort((a, b) => b.score - a.score), chance: null };
  }
  return { candidates: inDraw, chance: weights };
}

/**
 * Lets chance have its say.
 *
 * @param count how many candidates there are
 * @param chance what {@linkcode chooseAmong} left to it
 * @param random 0 to 1, exclusive
 * @returns indices into the candidates, best first
 */
export function drawOrder(
  count: number,
  chance: NonNullable<Chance>,
  random: () => number,
): number[] {
  if (chance !== "even") return weightedDraw(chance, DRAWN_AT_MOST, random);
  const order = Array.from({ length: count }, (_, index) => index);
  shuffle(order, DRAWN_AT_MOST, random);
  if (order.length > DRAWN_AT_MOST) order.length = DRAWN_AT_MOST;
  return order;
}

/** Sets the scores and gathers those in the draw, with their weights. */
function score<Unscored extends UnscoredCandidate>(
  candidates: readonly Unscored[],
  client: GeoRecord,
  { geographicalSort, weightDistributionRange }: SelectionOptions,
  inDraw: Unscored[],
  weights: number[],
): void {
  let closest = Infinity;
  let farthest = 0;
  for (let i = 0; i < candidates.length; i++) {
    const { distance } = candidates[i]!;
    if (distance < closest) closest = distance;
    if (distance > farthest) farthest = distance;
  }
  const scale = scaleOf(client, closest, farthest, weightDistributionRange);
  for (let i = 0; i < candidates.length; i++) {
    const candidate = candidates[i]!;
    candidate.score = geographicalSort
      ? geographicalScore(candidate.mirror, candidate.distance, scale)
      : plainScore(candidate.mirror, candidate.distance, scale);
    if (candidate.score <= scale.base) continue;
    inDraw.push(candidate);
    weights.push(candidate.score - scale.base);
  }
}
