import { chooseAmong, drawOrder } from "./choice.ts";
import { gather } from "./gather.ts";
import type { Selection } from "./selection.ts";
import type { SelectionRequest } from "./selection_request.ts";

/**
 * Decides which mirrors serve a request, in which order, and which may not, and why.
 *
 * @param request who asks for what
 * @returns every mirror that carries the file and is not hidden is excluded, or a candidate, or was not drawn; never
 *   the fallbacks
 */
export function select(request: SelectionRequest): Selection {
  const { candidates, excluded } = gather(request);
  const { client, options, ranked, random } = request;
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
