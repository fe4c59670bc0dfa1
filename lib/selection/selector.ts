import type { IndexedFile } from "../catalog/file.ts";
import type { MirrorRecord } from "../catalog/mirror_state.ts";
import { distanceBetween, type Position } from "../geo/distance.ts";
import { groupOf } from "./rule_set.ts";
import { distanceTo, standpointOf } from "./standpoint.ts";
import { chooseAmong, drawOrder, type UnscoredCandidate } from "./choice.ts";
import type { ClientView } from "./client_view.ts";
import { findClientExclusion, findFileExclusion, requirementsOf } from "./exclude.ts";
import { inOrder } from "./in_order.ts";
import { NumberMemory } from "./number_memory.ts";
import type { MirrorOffer, PreparedMirror } from "./prepared_mirror.ts";
import type { TlsChoice } from "./selection.ts";
import type { SelectionOptions } from "./selection_options.ts";
import { chooseStable, stableOrder } from "./stable_choice.ts";
import type { SetLevel, SetView } from "./set_view.ts";
import type { Tree, Trees } from "./tree.ts";

/** A mirror and the URL that an answer names it by: always the same object for the same two. */
export interface Stop {
  /** Tells the stops of one selector apart. */
  readonly number: number;
  readonly mirror: MirrorRecord;
  /** Base URL with the scheme to use and a trailing slash. */
  readonly url: string;
}

/** The outcome of a request. */
export interface Chosen {
  /** Who serves it. */
  readonly mirror: MirrorRecord;
  /** Kilometres from the client to there; 0 when the client is unknown. */
  readonly distance: number;
  /** Whom the answer names, best first: at least one, at most as many as the selector was told. */
  readonly stops: readonly Stop[];
}

/** What a {@linkcode Selector} goes by. */
export interface SelectorOptions {
  /** By ID; copies on a mirror that is not here are passed over. */
  readonly mirrors: ReadonlyMap<number, PreparedMirror>;
  /** What the operator configured. */
  readonly options: SelectionOptions;
  /** Where the address of a client takes the place of chance; default: nowhere. */
  readonly trees?: Trees | null;
  /** How many mirrors an answer names at most, 1 or more. */
  readonly named: number;
  /** Bound of the memory in words of 8 bytes; default 4 000 000 (32 MB). */
  readonly limit?: number;
}

const DEFAULT_LIMIT = 4_000_000;

/** Words that a number of a choice takes, and its index. */
const NUMBER_WORDS = 1.5;

/** Words that a choice takes besides its numbers, and that a group or an order takes besides its mirrors. */
const CHOICE_WORDS = 6;
const GROUP_WORDS = 24;

/** Mirrors that can serve a file, whoever asks. Files that the same mirrors can serve share it. */
interface Group {
  readonly mirrors: readonly PreparedMirror[];
  /** One for each mirror. */
  readonly stops: readonly Stop[];
  /** How each client chooses: a place in the selector's memory, or {@linkcode NOBODY}. */
  readonly choices: Map<ClientView, number>;
  /** Everyone who may be drawn by the client's address; `null`: chance draws. */
  readonly carriers: readonly Carrier[] | null;
  /** How each client chooses among them; `null`: nobody may serve it. */
  readonly drawn: Map<ClientView, Drawing | null>;
}

/** What is remembered of a file. */
interface Placed {
  readonly group: Group;
  /** Who may serve where nobody of the group may: those with older revisions. `null`: nobody. */
  readonly behind: Group | null;
  /** The metadata set that it hangs on; `null`: none. */
  readonly set: SetView | null;
  /** Of the set, as it was. */
  readonly generation: number;
}

/** A mirror that is weighed, and may be drawn where there is a stop. */
interface Carrier {
  readonly mirror: PreparedMirror;
  /** Of the metadata set, where the file is bound to one; else 0. */
  readonly revision: number;
  readonly stop: Stop | null;
}

/** What a client's address draws among, and who follows. */
interface Drawing {
  readonly ids: readonly number[];
  readonly weights: readonly number[];
  /** Those drawn among, then those who follow. */
  readonly stops: readonly Stop[];
  /** Kilometres to each. */
  readonly distances: readonly number[];
  /** Of each: alternatives have the same as the first. */
  readonly revisions: readonly number[];
}

/** No mirror can serve the client. */
const NOBODY = -1;

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
interface Member extends UnscoredCandidate {
  readonly index: number;
}

/** A candidate that knows its stop. */
interface CarryingMember extends UnscoredCandidate {
  readonly stop: Stop | null;
  readonly revision: number;
}

/**
 * Decides as `select()` does, for answers that name a few mirrors and no reasons: the same outcomes
 * from the same random numbers. It remembers everything that chance has no part in, for as long as
 * mirrors and options stay as they are: which mirrors can serve a file, and how a client sees them.
 */
export class Selector {
  readonly #options: SelectorOptions;
  readonly #stops = new Map<MirrorOffer, Stop>();
  #groups = new Map<string, Group>();
  #files = groupsOfFiles();
  #memory = new NumberMemory(Float64Array);
  #indices = new NumberMemory(Uint32Array);
  /** Orders of stops that chance has no say in; clients in one region share theirs. */
  #orders: (readonly Stop[])[] = [];
  #orderNumbers = new Map<string, number>();
  /** Words that are remembered. */
  #remembered = 0;
  /** Weights of the draw at hand. */
  readonly #weights: number[] = [];

  constructor(options: SelectorOptions) {
    this.#options = options;
  }

  /** Words of 8 bytes that are remembered now: up to the limit, and what one question more takes. */
  get remembered(): number {
    return this.#remembered;
  }

  /**
   * Chooses who serves a request.
   *
   * @param indexed the file asked for; it must never change
   * @param client who asks; it must never change
   * @param tls which scheme the answer may use
   * @param random 0 to 1, exclusive
   * @param word of the client's address; default: it has none
   * @returns `null` when no mirror can serve it
   */
  choose(
    indexed: IndexedFile,
    client: ClientView,
    tls: TlsChoice,
    random: () => number,
    word: number | null = null,
  ): Chosen | null {
    let placed = this.#files[tls].get(indexed);
    if (
      placed === undefined || placed.set !== null && placed.set.generation !== placed.generation
    ) {
      placed = this.#place(indexed, tls);
    }
    const { group } = placed;
    if (group.carriers !== null) {
      const drawn = word ?? Math.floor(random() * 2 ** 32);
      return this.#drawStable(group, client, drawn) ??
        (placed.behind && this.#drawStable(placed.behind, client, drawn));
    }
    const choice = group.choices.get(client) ?? this.#choiceOf(group, client);
    if (choice === NOBODY) return null;
    const memory = this.#memory;
    const head = memory.at(choice, HEAD.chance);
    if (head < 0) {
      const stops = this.#orders[-1 - head]!;
      return { mirror: stops[0]!.mirror, distance: memory.at(choice, HEAD.distance), stops };
    }
    // Only the lowest 32 bits take part, whatever stands above them.
    const count = (head & COUNT_BITS) >>> 1;
    const even = (head & 1) === 1;
    const order = drawOrder(count, even ? "even" : this.#weightsOf(choice, count), random);
    const named = Math.min(order.length, this.#options.named);
    const stops: Stop[] = [];
    for (let i = 0; i < named; i++) {
      stops.push(group.stops[this.#indices.at(choice, HEAD.size + order[i]!)]!);
    }
    if (head >= AFTER) this.#append(stops, Math.floor(head / AFTER) - 1);
    const distance = even ? 0 : this.#distanceTo(group, choice, order[0]!, count);
    return { mirror: stops[0]!.mirror, distance, stops };
  }

  #drawStable(group: Group, client: ClientView, word: number): Chosen | null {
    let drawing = group.drawn.get(client);
    if (drawing === undefined) {
      this.#keepWithinLimit();
      drawing = this.#drawingOf(group.carriers!, client);
      group.drawn.set(client, drawing);
      this.#remembered += CHOICE_WORDS + 4 * (drawing?.stops.length ?? 0);
    }
    if (drawing === null) return null;
    const { ids, weights, stops, distances, revisions } = drawing;
    const order = stableOrder(ids, weights, word, this.#options.trees!.key);
    const first = order[0] ?? 0;
    const most = this.#options.named;
    const named: Stop[] = [];
    const revision = revisions[first]!;
    for (let i = 0; i < order.length && i < most; i++) {
      if (revisions[order[i]!] === revision) named.push(stops[order[i]!]!);
    }
    for (let i = ids.length; i < stops.length && named.length < most; i++) {
      if (revisions[i] === revision) named.push(stops[i]!);
    }
    return { mirror: stops[first]!.mirror, distance: distances[first]!, stops: named };
  }

  #drawingOf(carriers: readonly Carrier[], client: ClientView): Drawing | null {
    const position = standpointOf(client);
    const members: CarryingMember[] = [];
    for (const { mirror, stop, revision } of carriers) {
      if (findClientExclusion(mirror, client) !== null) continue;
      const { record, quota } = mirror;
      const distance = distanceTo(mirror, position);
      const group = groupOf(mirror, client);
      members.push({
        ...{
          stop,
          revision,
          mirror: record,
          url: stop?.url ?? "",
          distance,
          score: 0,
          share: null,
          quota,
        },
        ...{ group, copy: null },
      });
    }
    const { drawn, weights, after } = chooseStable(
      members,
      ({ stop }) => stop !== null,
      client,
      this.#options.options,
    );
    const all = [...drawn, ...after];
    if (all.length === 0) return null;
    return {
      ids: drawn.map(({ mirror }) => mirror.id),
      weights,
      stops: all.map(({ stop }) => stop!),
      distances: all.map(({ distance }) => distance),
      revisions: all.map(({ revision }) => revision),
    };
  }

  /** @param drawn which of those that chance chooses among */
  #distanceTo({ mirrors }: Group, choice: number, drawn: number, count: number): number {
    const from = this.#positionOf(choice);
    if (from.x === 0 && from.y === 0 && from.z === 0) return 0;
    const mirror = mirrors[this.#indices.at(choice, HEAD.size + drawn)]!;
    if (!mirror.record.global) return distanceBetween(from, mirror.position);
    return this.#memory.at(choice, HEAD.size + count);
  }

  /** @param order number of those who follow the ones drawn, up to as many as an answer names */
  #append(stops: Stop[], order: number): void {
    const others = this.#orders[order]!;
    const most = this.#options.named;
    for (let i = 0; i < others.length && stops.length < most; i++) stops.push(others[i]!);
  }

  #positionOf(choice: number): Position {
    const memory = this.#memory;
    const x = memory.at(choice, HEAD.x);
    return { x, y: memory.at(choice, HEAD.y), z: memory.at(choice, HEAD.z) };
  }

  /** @returns an array that is good until the next call */
  #weightsOf(choice: number, count: number): readonly number[] {
    const weights = this.#weights;
    weights.length = 0;
    for (let i = 0; i < count; i++) {
      weights.push(this.#memory.at(choice, HEAD.size + i));
    }
    return weights;
  }

  #place(indexed: IndexedFile, tls: TlsChoice): Placed {
    this.#keepWithinLimit();
    const tree = this.#options.trees?.of(indexed.file.path) ?? null;
    const set = tree?.set ?? null;
    const bound = set !== null && set.isStable(indexed.file.path);
    const placed = {
      group: this.#groupOf(indexed, tls, tree, "floor"),
      behind: bound ? this.#groupOf(indexed, tls, tree, "behind") : null,
      set,
      generation: set?.generation ?? 0,
    };
    this.#files[tls].set(indexed, placed);
    return placed;
  }

  #groupOf(indexed: IndexedFile, tls: TlsChoice, tree: Tree | null, level: SetLevel): Group {
    const mirrors = this.#mirrorsOf(indexed, tls, tree, level);
    const carriers = tree === null ? null : this.#carriersOf(indexed, tree);
    const set = tree?.set?.isStable(indexed.file.path) ? tree.set : null;
    const revisionOf = ({ record }: PreparedMirror): number => set?.revisionOf(record.id) ?? 0;
    const idsOf = (some: readonly PreparedMirror[]): string =>
      some.map(({ record }) => record.id).join(" ");
    const bound = set === null ? "" : carriers!.map(revisionOf).join(" ");
    const key = carriers === null
      ? `${tls} ${idsOf(mirrors)}`
      : `${tls} ${idsOf(mirrors)}/${idsOf(carriers)}/${bound}`;
    let group = this.#groups.get(key);
    if (group === undefined) {
      const stops = mirrors.map((mirror) => this.#stopOf(mirror, tls));
      const carrying = carriers?.map((mirror) => ({
        mirror,
        stop: stops[mirrors.indexOf(mirror)] ?? null,
        revision: revisionOf(mirror),
      })) ?? null;
      group = { mirrors, stops, choices: new Map(), carriers: carrying, drawn: new Map() };
      this.#groups.set(key, group);
      this.#remembered += GROUP_WORDS + 2 * (mirrors.length + (carriers?.length ?? 0));
    }
    return group;
  }

  #mirrorsOf(
    { file, copies }: IndexedFile,
    tls: TlsChoice,
    tree: Tree | null,
    level: SetLevel,
  ): PreparedMirror[] {
    const { mirrors, options } = this.#options;
    const requirements = requirementsOf(file, tls, options, tree, level);
    const able: PreparedMirror[] = [];
    for (const copy of inOrder(copies)) {
      const mirror = mirrors.get(copy.mirrorId);
      if (mirror !== undefined && findFileExclusion(mirror, copy, requirements) === null) {
        able.push(mirror);
      }
    }
    return able;
  }

  /** Everyone enabled who carries the set, or has a copy, in whatever state. */
  #carriersOf({ copies }: IndexedFile, { set }: Tree): PreparedMirror[] {
    const ids = new Set(set?.standings.keys());
    for (const { mirrorId } of copies) ids.add(mirrorId);
    return [...ids].sort((a, b) => a - b).flatMap((id) => {
      const mirror = this.#options.mirrors.get(id);
      return mirror?.record.enabled ? [mirror] : [];
    });
  }

  #stopOf({ record, offers }: PreparedMirror, tls: TlsChoice): Stop {
    const offer = offers[tls];
    let stop = this.#stops.get(offer);
    if (stop === undefined) {
      stop = { number: this.#stops.size, mirror: record, url: offer.url };
      this.#stops.set(offer, stop);
    }
    return stop;
  }

  #choiceOf(group: Group, client: ClientView): number {
    this.#keepWithinLimit();
    const choice = this.#weigh(group, client);
    group.choices.set(client, choice);
    this.#remembered += CHOICE_WORDS;
    return choice;
  }

  #weigh({ mirrors, stops }: Group, client: ClientView): number {
    const position = standpointOf(client);
    const able: Member[] = [];
    for (let index = 0; index < mirrors.length; index++) {
      const mirror = mirrors[index]!;
      if (findClientExclusion(mirror, client) !== null) continue;
      const { url } = stops[index]!;
      const distance = distanceTo(mirror, position);
      const { record, quota } = mirror;
      const group = groupOf(mirror, client);
      able.push({
        index,
        mirror: record,
        url,
        distance,
        score: 0,
        share: null,
        quota,
        group,
        copy: null,
      });
    }
    const { options } = this.#options;
    const { chosen: candidates, chance, others } = chooseAmong(able, client, options, false);
    if (candidates.length === 0) return NOBODY;
    if (chance === null) {
      // Whoever is not named need not be remembered.
      const named = candidates.slice(0, this.#options.named);
      const order = this.#orderOf(named.map(({ index }) => stops[index]!));
      return this.#keep([-1 - order, named[0]!.distance], [0, 0]);
    }
    const after = others.length === 0
      ? 0
      : 1 + this.#orderOf(others.slice(0, this.#options.named).map(({ index }) => stops[index]!));
    const even = chance === "even";
    const { x, y, z } = position ?? { x: 0, y: 0, z: 0 };
    const head = after * AFTER + candidates.length * 2 + (even ? 1 : 0);
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

  /** @param indices as many as numbers */
  #keep(numbers: readonly number[], indices: readonly number[]): number {
    this.#remembered += NUMBER_WORDS * numbers.length;
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
      this.#remembered += GROUP_WORDS + 2 * stops.length;
    }
    return number;
  }

  /** Begins anew when there is too much: what is asked for now fills the memory again. */
  #keepWithinLimit(): void {
    if (this.#remembered <= (this.#options.limit ?? DEFAULT_LIMIT)) return;
    this.#groups = new Map();
    this.#files = groupsOfFiles();
    this.#memory = new NumberMemory(Float64Array);
    this.#indices = new NumberMemory(Uint32Array);
    this.#orders = [];
    this.#orderNumbers = new Map();
    this.#remembered = 0;
  }
}

function groupsOfFiles(): Record<TlsChoice, WeakMap<IndexedFile, Placed>> {
  return { any: new WeakMap(), with_tls: new WeakMap(), without_tls: new WeakMap() };
}
