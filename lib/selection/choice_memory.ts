import { distanceBetween, type Position } from "../geo/distance.ts";
import { type Chance, drawOrder, type UnscoredCandidate } from "./choice.ts";
import type { Chosen } from "./chosen.ts";
import type { ExclusionPairs } from "./exclusion_counts.ts";
import type { MirrorGroup } from "./mirror_groups.ts";
import { NumberMemory } from "./number_memory.ts";
import type { Stop } from "./stop.ts";

/** Words of 8 bytes that a number of a choice takes, and its index. */
const NUMBER_WORDS = 1.5;

/** Words that an order takes besides its stops. */
const ORDER_WORDS = 24;

/**
 * Numbers that a choice is remembered as. Where chance has no say: the order of stops, as -1 - its
 * number, and the kilometres to the first. Else: how many chance chooses among, times two, plus one if
 * all alike, plus {@linkcode AFTER} times one more than the number of the order of those who follow; where
 * the client is (three numbers; 0 when nobody knows); and then the weight of each, and the kilometres to
 * those without a place, if there are any. Its index among the group's mirrors is at the same place of
 * another memory.
 */
const HEAD = { chance: 0, distance: 1, x: 1, y: 2, z: 3, size: 4 } as const;

const AFTER = 2 ** 24;
const COUNT_BITS = AFTER - 1;

/** A candidate that knows its place in its group. */
export interface GroupMember extends UnscoredCandidate {
  /** Among the group's mirrors. */
  readonly index: number;
}

/** How clients choose, remembered as numbers: each choice is known by its place. */
export class ChoiceMemory {
  /** Words of 8 bytes that are remembered, about. */
  words = 0;
  /** How many mirrors an answer names at most. */
  readonly #named: number;
  readonly #memory = new NumberMemory(Float64Array);
  readonly #indices = new NumberMemory(Uint32Array);
  /** Orders of stops that chance has no say in; clients in one region share theirs. */
  readonly #orders: (readonly Stop[])[] = [];
  readonly #orderNumbers = new Map<string, number>();
  /** Weights of the draw at hand. */
  readonly #weights: number[] = [];

  /** @param named how many mirrors an answer names at most */
  constructor(named: number) {
    this.#named = named;
  }

  /**
   * Remembers a choice that chance has no say in.
   *
   * @param stops best first, at least one
   * @param distance kilometres to the first
   */
  addOrder(stops: readonly Stop[], distance: number): number {
    return this.#keep([-1 - this.#orderOf(stops), distance], [0, 0]);
  }

  /**
   * Remembers a choice that chance has a say in.
   *
   * @param candidates that it chooses among
   * @param chance one weight for each, or all alike
   * @param after who follows them, as many as an answer names; none: nobody
   * @param position where the client is; `null`: nobody knows
   */
  addChance(
    candidates: readonly GroupMember[],
    chance: NonNullable<Chance>,
    after: readonly Stop[],
    position: Position | null,
  ): number {
    const following = after.length === 0 ? 0 : 1 + this.#orderOf(after);
    const even = chance === "even";
    const { x, y, z } = position ?? { x: 0, y: 0, z: 0 };
    const head = following * AFTER + candidates.length * 2 + (even ? 1 : 0);
    const numbers = [head, x, y, z];
    const indices = [0, 0, 0, 0];
    for (let i = 0; i < candidates.length; i++) {
      numbers.push(even ? 1 : chance[i]!);
      indices.push(candidates[i]!.index);
    }
    const global = candidates.find(({ mirror }) => mirror.global);
    if (global !== undefined) {
      // It has no place to measure from.
      numbers.push(global.distance);
      indices.push(0);
    }
    return this.#keep(numbers, indices);
  }

  /**
   * Lets chance have its say, where it has one.
   *
   * @param choice its place
   * @param group that it is about
   * @param random 0 to 1, exclusive
   * @param unable who was left out because of the file
   * @param unwanted who was left out because of the client
   */
  draw(
    choice: number,
    group: MirrorGroup,
    random: () => number,
    unable: ExclusionPairs | null,
    unwanted: ExclusionPairs | null,
  ): Chosen {
    const memory = this.#memory;
    const head = memory.at(choice, HEAD.chance);
    if (head < 0) {
      const stops = this.#orders[-1 - head]!;
      const distance = memory.at(choice, HEAD.distance);
      return { mirror: stops[0]!.mirror, distance, stops, unable, unwanted };
    }
    // Only the lowest 32 bits take part, whatever stands above them.
    const count = (head & COUNT_BITS) >>> 1;
    const even = (head & 1) === 1;
    const order = drawOrder(count, even ? "even" : this.#weightsOf(choice, count), random);
    const named = Math.min(order.length, this.#named);
    const stops: Stop[] = [];
    for (let i = 0; i < named; i++) {
      stops.push(group.stops[this.#indices.at(choice, HEAD.size + order[i]!)]!);
    }
    if (head >= AFTER) this.#append(stops, Math.floor(head / AFTER) - 1);
    const distance = even ? 0 : this.#distanceTo(group, choice, order[0]!, count);
    return { mirror: stops[0]!.mirror, distance, stops, unable, unwanted };
  }

  /** @param drawn which of those that chance chooses among */
  #distanceTo({ mirrors }: MirrorGroup, choice: number, drawn: number, count: number): number {
    const memory = this.#memory;
    const x = memory.at(choice, HEAD.x);
    const from = { x, y: memory.at(choice, HEAD.y), z: memory.at(choice, HEAD.z) };
    if (from.x === 0 && from.y === 0 && from.z === 0) return 0;
    const mirror = mirrors[this.#indices.at(choice, HEAD.size + drawn)]!;
    if (!mirror.record.global) return distanceBetween(from, mirror.position);
    return memory.at(choice, HEAD.size + count);
  }

  /** @param order number of those who follow the ones drawn, up to as many as an answer names */
  #append(stops: Stop[], order: number): void {
    const others = this.#orders[order]!;
    const most = this.#named;
    for (let i = 0; i < others.length && stops.length < most; i++) stops.push(others[i]!);
  }

  /** @returns an array that is good until the next call */
  #weightsOf(choice: number, count: number): readonly number[] {
    const weights = this.#weights;
    weights.length = 0;
    for (let i = 0; i < count; i++) weights.push(this.#memory.at(choice, HEAD.size + i));
    return weights;
  }

  /** @param indices as many as numbers */
  #keep(numbers: readonly number[], indices: readonly number[]): number {
    this.words += NUMBER_WORDS * numbers.length;
    this.#indices.add(indices);
    return this.#memory.add(numbers);
  }

  /** @returns the number of an order */
  #orderOf(stops: readonly Stop[]): number {
    const key = stops.map((stop) => stop.number).join(" ");
    let number = this.#orderNumbers.get(key);
    if (number === undefined) {
      number = this.#orders.push(stops) - 1;
      this.#orderNumbers.set(key, number);
      this.words += ORDER_WORDS + 2 * stops.length;
    }
    return number;
  }
}
