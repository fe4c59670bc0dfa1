import { chooseAmong, drawOrder, type UnscoredCandidate } from "./choice.ts";
import { gather } from "./gather.ts";
import type { Selection } from "./selection.ts";
import type { SetView } from "./set_view.ts";
import { chooseStable, stableOrder } from "./stable_choice.ts";
import type { SelectionRequest } from "./selection_request.ts";

/**
 * Decides which mirrors serve a request, in which order, and which may not, and why.
 *
 * @param request who asks for what
 * @returns every mirror that carries the file and is not hidden is excluded, or a candidate, or was not drawn; never
 *   the fallbacks
 */
export function select(request: SelectionRequest): Selection {
  const { candidates, weighed, excluded } = gather(request);
  const { client, options, ranked, random } = request;
  const { trees = null } = request;
  const { path } = request.indexed.file;
  const tree = trees?.of(path) ?? null;
  if (trees !== null && tree !== null && !ranked) {
    const word = request.word ?? Math.floor(random() * 2 ** 32);
    const set = request.level !== "any" && tree.set?.isStable(path) ? tree.set : null;
    const able = new Set(candidates);
    const carriers = [...candidates, ...weighed].sort((a, b) => a.mirror.id - b.mirror.id);
    const choice = chooseStable(carriers, (one) => able.has(one), client, options);
    const ids = choice.drawn.map(({ mirror }) => mirror.id);
    const order = stableOrder(ids, choice.weights, word, trees.key);
    const drawn = order.map((index) => choice.drawn[index]!);
    const all = ofOneRevision([...drawn, ...choice.after], set);
    return { candidates: all, excluded, fallback: false };
  }
  const { chosen, chance, others } = chooseAmong(candidates, client, options, ranked);
  return {
    candidates: chance === null ? [...chosen, ...others] : [
      ...drawOrder(chosen.length, chance, random).map((index) => chosen[index]!),
      ...others,
    ],
    excluded,
    fallback: false,
  };
}

/** The alternatives of a name that is bound to a revision are at the same revision as the first. */
function ofOneRevision<One extends UnscoredCandidate>(all: One[], set: SetView | null): One[] {
  const [first] = all;
  if (set === null || first === undefined) return all;
  const revision = set.revisionOf(first.mirror.id);
  return all.filter(({ mirror }) => set.revisionOf(mirror.id) === revision);
}
