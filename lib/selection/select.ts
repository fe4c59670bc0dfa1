import { chooseAmong, drawOrder } from "./choice.ts";
import { gather } from "./gather.ts";
import type { Selection } from "./selection.ts";
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
  const { trees = null, word = null } = request;
  if (trees?.of(request.indexed.file.path) && word !== null && !ranked) {
    const able = new Set(candidates);
    const carriers = [...candidates, ...weighed].sort((a, b) => a.mirror.id - b.mirror.id);
    const choice = chooseStable(carriers, (one) => able.has(one), client, options);
    const ids = choice.drawn.map(({ mirror }) => mirror.id);
    const order = stableOrder(ids, choice.weights, word, trees.key);
    const drawn = order.map((index) => choice.drawn[index]!);
    return { candidates: [...drawn, ...choice.after], excluded, fallback: false };
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
