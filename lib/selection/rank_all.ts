import { select } from "./select.ts";
import type { Candidate } from "./selection.ts";
import type { SelectionRequest } from "./selection_request.ts";
import { shuffle } from "./shuffle.ts";
import { weightedDraw } from "./weighted_draw.ts";

/**
 * Puts everyone who may serve a request in an order for clients that choose themselves: drawn as for a
 * redirect, but nobody is cut off; then those outside the draw, best first. For a client of unknown
 * place, all are drawn.
 *
 * @param request who asks for what
 * @returns all candidates, in this order
 */
export function rankAll(request: Omit<SelectionRequest, "ranked">): Candidate[] {
  const drawn = select({ ...request, ranked: false }).candidates;
  const first = new Set(drawn.map(({ mirror }) => mirror.id));
  const left = select({ ...request, ranked: true }).candidates
    .filter(({ mirror }) => !first.has(mirror.id));
  const inDraw = left.filter(({ share }) => share !== null);
  if (inDraw.length === 0 && request.client.place?.located !== true) {
    shuffle(left, left.length, request.random);
    return [...drawn, ...left];
  }
  const order = weightedDraw(inDraw.map(({ share }) => share!), inDraw.length, request.random);
  return [
    ...drawn,
    ...order.map((index) => inDraw[index]!),
    ...left.filter(({ share }) => share === null),
  ];
}
