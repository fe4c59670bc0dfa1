import { fmix32 } from "../net/address_word.ts";
import { chooseAmong, type UnscoredCandidate } from "./choice.ts";
import type { ClientView } from "./client_view.ts";
import type { SelectionOptions } from "./selection_options.ts";

/** How a client draws among mirrors when its address takes the place of chance. */
export interface StableChoice<One> {
  /** Those whom the address chooses among, who may serve now. */
  readonly drawn: readonly One[];
  /** One for each of them, above 0. */
  readonly weights: readonly number[];
  /** Who follows, best first. */
  readonly after: readonly One[];
}

/** As many as chance draws. */
const DRAWN_AT_MOST = 5;

/**
 * Weighs mirrors for a draw by address. Who may not serve now is weighed, too, and drops out after that: so
 * the clients of the others stay where they are.
 *
 * @param carriers every mirror that may be drawn, by ID, whatever its state; they are scored in place
 * @param able whether one may serve now
 * @param client who asks
 * @param options what the operator configured
 * @returns nobody where nobody may serve
 */
export function chooseStable<One extends UnscoredCandidate>(
  carriers: One[],
  able: (one: One) => boolean,
  client: ClientView,
  options: SelectionOptions,
): StableChoice<One> {
  const choice = weigh(carriers.slice(), able, client, options);
  if (choice.drawn.length + choice.after.length > 0) return choice;
  const left = carriers.filter(able);
  // Whoever was in the draw cannot serve.
  return left.length === 0 ? choice : weigh(left, able, client, options);
}

function weigh<One extends UnscoredCandidate>(
  candidates: One[],
  able: (one: One) => boolean,
  client: ClientView,
  options: SelectionOptions,
): StableChoice<One> {
  const { chosen, chance, others } = chooseAmong(candidates, client, options, false);
  const after = others.filter(able);
  if (chance === null) return { drawn: [], weights: [], after: [...chosen.filter(able), ...after] };
  const drawn: One[] = [];
  const weights: number[] = [];
  chosen.forEach((one, i) => {
    if (!able(one)) return;
    drawn.push(one);
    weights.push(chance === "even" ? 1 : chance[i]!);
  });
  return { drawn, weights, after };
}

/**
 * Puts those who were drawn among in the order that an address gives: a draw without replacement, of which
 * each step is decided by the address and a mirror's ID alone (Efraimidis and Spirakis, 2006).
 *
 * @param ids of the mirrors
 * @param weights one for each, above 0
 * @param word of the client's address
 * @param key that all nodes mix IDs with
 * @returns indices, at most five
 */
export function stableOrder(
  ids: readonly number[],
  weights: readonly number[],
  word: number,
  key: number,
): number[] {
  const order: number[] = [];
  const places: number[] = [];
  for (let i = 0; i < ids.length; i++) {
    const draw = (fmix32(word ^ fmix32(ids[i]! ^ key)) + 0.5) / 2 ** 32;
    const place = -Math.log(draw) / weights[i]!;
    let at = order.length;
    // Ties stay in order of ID.
    while (at > 0 && places[at - 1]! > place) at--;
    if (at >= DRAWN_AT_MOST) continue;
    // By hand: splice() makes an array of what it removes.
    for (let last = Math.min(order.length, DRAWN_AT_MOST - 1); last > at; last--) {
      order[last] = order[last - 1]!;
      places[last] = places[last - 1]!;
    }
    order[at] = i;
    places[at] = place;
  }
  return order;
}
