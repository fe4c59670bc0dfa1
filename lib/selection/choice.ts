import type { GeoRecord } from "../geo/geo_record.ts";
import type { ClientView } from "./client_view.ts";
import type { Candidate } from "./selection.ts";
import type { SelectionOptions } from "./selection_options.ts";
import { adjustDraw, type Draw } from "./draw_weights.ts";
import { ownPrefix } from "./own_networks.ts";
import { geographicalScore, plainScore, scaleOf } from "./score.ts";
import { shuffle } from "./shuffle.ts";
import { weightedDraw } from "./weighted_draw.ts";

/** How many mirrors an answer gets that left the order to chance. */
const DRAWN_AT_MOST = 5;

/** A candidate whose score and share are still to be set. */
export type UnscoredCandidate = { -readonly [Key in keyof Candidate]: Candidate[Key] };

const NOBODY: readonly never[] = [];

/** What chance goes by: one weight for each candidate, or all alike. `null`: it has no say. */
export type Chance = readonly number[] | "even" | null;

/** Who may serve a request, before chance has its say. */
export interface Choice<Scored extends Candidate = Candidate> {
  /** Best first, where chance has no say; else those that it chooses among. */
  readonly chosen: readonly Scored[];
  readonly chance: Chance;
  /** Who follows them, best first. */
  readonly others: readonly Scored[];
}

/**
 * Scores the candidates of a request and finds out what is left to chance. They come in groups: those in
 * whose own network the client is, by the longest prefix; those that a rule puts first; everyone else;
 * those that a rule puts last; those that are down on the client's family of addresses. The first group that is not empty is chosen from, the others follow.
 *
 * @param candidates those that may serve it, by mirror ID; they are scored in place
 * @param client who asks
 * @param options what the operator configured
 * @param ranked whether nothing is to be left to chance
 * @returns the same for the same arguments
 */
export function chooseAmong<Unscored extends UnscoredCandidate>(
  candidates: Unscored[],
  client: ClientView,
  options: SelectionOptions,
  ranked: boolean,
): Choice<Unscored> {
  placeGlobal(candidates);
  // Nearly always nobody is preferred: then there is one group, and nothing to be put together.
  if (client.network === null && !isRuled(candidates)) {
    return chooseUsual(candidates, NOBODY, client.place, options, ranked);
  }
  const { own, rest } = splitOwn(candidates, client);
  const groups = [own, ...splitByRules(rest)].filter((group) => group.length > 0);
  const [group, ...later] = groups;
  if (group === undefined) return { chosen: [], chance: null, others: [] };
  const others = later.flatMap((one) => inRank(one, client, options));
  // Those that a rule puts last take part in no draw of others.
  const next = others.filter(({ group }) => group !== "last" && group !== "behind");
  const choice = group === own
    ? chooseOwn(group, next, ranked)
    : chooseUsual(group, next, client.place, options, ranked);
  const { chosen, chance } = choice;
  const left = others.length === 0 ? others : others.filter((one) => !chosen.includes(one));
  if (chance === null) return { chosen: [...chosen, ...left], chance, others: [] };
  // As ever, whoever is not drawn among the usual ones is not named.
  const follow = group === own || group[0]!.group === "first";
  return { chosen, chance, others: follow ? [...choice.others, ...left] : [] };
}

/** A group that follows another, best first; nobody has a share of the draw. */
function inRank<Unscored extends UnscoredCandidate>(
  group: Unscored[],
  client: ClientView,
  options: SelectionOptions,
): readonly Unscored[] {
  const { chosen } = chooseUsual(group, [], client.place, options, true);
  for (const candidate of chosen) candidate.share = null;
  return chosen;
}

/** Chooses among those in whose own network the client is, by the operator's scores. */
function chooseOwn<Unscored extends UnscoredCandidate>(
  group: readonly Unscored[],
  next: readonly Unscored[],
  ranked: boolean,
): Choice<Unscored> {
  for (const candidate of group) candidate.score = Math.max(1, 100 + candidate.mirror.score);
  const draw = { members: group.slice(), weights: group.map(({ score }) => score) };
  adjustDraw(draw, next);
  setShares(draw);
  const { members, weights } = draw;
  if (ranked || members.length < 2) {
    const [first, joined] = [members.slice(0, group.length), members.slice(group.length)];
    return { chosen: [...first.sort(byScore), ...joined], chance: null, others: [] };
  }
  return { chosen: members, chance: weights, others: [] };
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

/** A mirror without a place is as near as the closest that has one; 0 where none has. */
function placeGlobal(candidates: readonly UnscoredCandidate[]): void {
  let global = false;
  for (let i = 0; i < candidates.length; i++) global ||= candidates[i]!.mirror.global;
  if (!global) return;
  const placed = candidates.filter(({ mirror }) => !mirror.global);
  const closest = placed.length === 0 ? 0 : Math.min(...placed.map(({ distance }) => distance));
  for (const candidate of candidates) {
    if (candidate.mirror.global) candidate.distance = closest;
  }
}

/** Those in whose networks the client is, with the longest prefix that there is, and everyone else. */
function splitOwn<Unscored extends UnscoredCandidate>(
  candidates: Unscored[],
  { network }: ClientView,
): { readonly own: Unscored[]; readonly rest: Unscored[] } {
  if (network === null) return { own: [], rest: candidates };
  const prefixes = candidates.map(({ mirror, group }) =>
    group === "behind" ? -1 : ownPrefix(network, mirror.id)
  );
  const longest = Math.max(-1, ...prefixes);
  if (longest < 0) return { own: [], rest: candidates };
  const monopoly = candidates.some(({ mirror }, i) => mirror.monopoly && prefixes[i]! >= 0);
  return {
    own: candidates.filter((_, i) => prefixes[i] === longest),
    rest: candidates.filter((_, i) => prefixes[i]! < longest && (!monopoly || prefixes[i]! >= 0)),
  };
}

function splitByRules<Unscored extends UnscoredCandidate>(candidates: Unscored[]): Unscored[][] {
  if (!isRuled(candidates)) return [candidates];
  return (["first", null, "last", "behind"] as const).map((which) =>
    candidates.filter(({ group }) => group === which)
  );
}

function isRuled(candidates: readonly UnscoredCandidate[]): boolean {
  for (let i = 0; i < candidates.length; i++) if (candidates[i]!.group !== null) return true;
  return false;
}

/** @param next who joins the draw once everyone of the group has joined it */
function chooseUsual<Unscored extends UnscoredCandidate>(
  candidates: Unscored[],
  next: readonly Unscored[],
  client: GeoRecord | null,
  options: SelectionOptions,
  ranked: boolean,
): Choice<Unscored> {
  if (client === null || !client.located) {
    if (ranked) return { chosen: candidates, chance: null, others: [] };
    const draw = { members: candidates.slice(), weights: candidates.map(quotaOf) };
    adjustDraw(draw, next);
    const even = draw.weights.every((weight) => weight === draw.weights[0]);
    return { chosen: draw.members, chance: even ? "even" : draw.weights, others: [] };
  }
  const draw: Draw<Unscored> = { members: [], weights: [] };
  score(candidates, client, options, draw);
  const bounded = isBounded(candidates);
  // The sort is stable: equal scores stay in order of mirror ID.
  if (ranked || draw.members.length < 2 || bounded) candidates.sort(byScore);
  const [best] = candidates;
  // Nobody is in range: the best serves, if it may serve everybody.
  if (best !== undefined && best.mirror.maxShare > 0 && draw.members.length === 0) {
    draw.members.push(best);
    draw.weights.push(1);
  }
  adjustDraw(draw, bounded ? [...outside(candidates, draw.members), ...next] : NOBODY);
  setShares(draw);
  const { members, weights } = draw;
  if (members.length < 2 || ranked) return { chosen: candidates, chance: null, others: [] };
  // As ever, whoever is not drawn among the usual ones is not named.
  const others = candidates[0]!.group === "first"
    ? outside(candidates.toSorted(byScore), members)
    : [];
  return { chosen: members, chance: weights, others };
}

function isBounded(candidates: readonly UnscoredCandidate[]): boolean {
  for (let i = 0; i < candidates.length; i++) {
    if (candidates[i]!.mirror.maxShare > 0) return true;
  }
  return false;
}

function outside<Unscored>(sorted: readonly Unscored[], members: readonly Unscored[]): Unscored[] {
  return members.length === sorted.length ? [] : sorted.filter((one) => !members.includes(one));
}

function setShares({ members, weights }: Draw<UnscoredCandidate>): void {
  let sum = 0;
  for (let i = 0; i < weights.length; i++) sum += weights[i]!;
  for (let i = 0; i < members.length; i++) members[i]!.share = weights[i]! * 100 / sum;
}

/** One that is used up is here for a client of its own networks, for whom quotas do not count. */
function quotaOf({ quota }: UnscoredCandidate): number {
  return quota === 0 ? 1 : quota;
}

function byScore(a: UnscoredCandidate, b: UnscoredCandidate): number {
  return b.score - a.score;
}

/** Sets the scores and gathers those in the draw, with their weights. */
function score<Unscored extends UnscoredCandidate>(
  candidates: readonly Unscored[],
  client: GeoRecord,
  { geographicalSort, weightDistributionRange }: SelectionOptions,
  { members, weights }: Draw<Unscored>,
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
    members.push(candidate);
    weights.push((candidate.score - scale.base) * quotaOf(candidate));
  }
}
