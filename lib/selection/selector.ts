import type { IndexedFile } from "../catalog/file.ts";
import { distanceBetween, positionOf } from "../geo/distance.ts";
import type { GeoRecord } from "../geo/geo_record.ts";
import { type Choice, chooseAmong, drawOrder, type UnscoredCandidate } from "./choice.ts";
import { findMismatch, findRestriction, requirementsOf } from "./exclude.ts";
import { inOrder } from "./in_order.ts";
import type { PreparedMirror } from "./prepared_mirror.ts";
import type { Candidate, TlsChoice } from "./selection.ts";
import type { SelectionOptions } from "./selection_request.ts";

/** Mirrors in the order in which an answer names them. */
export interface Route {
  /** Whether the same order is the same object next time; one of very many orders is not kept. */
  readonly lasting: boolean;
  /** Best first: at least one, at most as many as the selector was told to name. */
  readonly stops: readonly Pick<Candidate, "mirror" | "url">[];
}

/** The outcome of a request. */
export interface Chosen {
  /** Who serves it, as this client sees it. */
  readonly first: Candidate;
  /** Whom the answer names; the first is the same mirror as {@linkcode first}. */
  readonly route: Route;
}

/** What a {@linkcode Selector} goes by. */
export interface SelectorOptions {
  /** By ID; copies on a mirror that is not here are passed over. */
  readonly mirrors: ReadonlyMap<number, PreparedMirror>;
  /** What the operator configured. */
  readonly options: SelectionOptions;
  /** How many mirrors an answer names at most, 1 or more. */
  readonly named: number;
  /** Bound of the memory: candidates and outcomes that are remembered; default 150 000, some 20 MB. */
  readonly limit?: number;
}

const DEFAULT_LIMIT = 150_000;

/** Different outcomes that are remembered for one client's choice. */
const OUTCOMES = 64;

/** Mirrors that can serve a file, whoever asks. Files that the same mirrors can serve share it. */
interface Group {
  readonly mirrors: readonly PreparedMirror[];
  readonly choices: Map<GeoRecord | null, RememberedChoice>;
  /** By the mirrors' IDs. */
  readonly routes: Map<string, Route>;
}

/** A choice, and what chance has made of it before. */
interface RememberedChoice extends Choice {
  /** `null` when no mirror can serve the client. */
  readonly fixed: Chosen | null;
  /** By the order drawn. */
  readonly outcomes: Map<number, Chosen>;
}

/**
 * Decides as `select()` does, for answers that name a few mirrors and no reasons: the same outcomes
 * from the same random numbers. It remembers everything that chance has no part in, for as long as
 * mirrors and options stay as they are: which mirrors can serve a file, and how a client sees them.
 */
export class Selector {
  readonly #options: SelectorOptions;
  #groups = new Map<string, Group>();
  #files = groupsOfFiles();
  #remembered = 0;

  constructor(options: SelectorOptions) {
    this.#options = options;
  }

  /**
   * Chooses who serves a request.
   *
   * @param indexed the file asked for; it must never change
   * @param client who asks; `null` when no database knows it. It must never change
   * @param tls which scheme the answer may use
   * @param random 0 to 1, exclusive
   * @returns `null` when no mirror can serve it
   */
  choose(
    indexed: IndexedFile,
    client: GeoRecord | null,
    tls: TlsChoice,
    random: () => number,
  ): Chosen | null {
    const group = this.#groupOf(indexed, tls);
    let choice = group.choices.get(client);
    if (choice === undefined) {
      choice = this.#choiceOf(group, client, tls);
      group.choices.set(client, choice);
      this.#remembered += choice.candidates.length + 2;
    }
    if (choice.chance === null || choice.candidates.length === 0) return choice.fixed;
    const order = drawOrder(choice, random)!;
    let key = 0;
    for (let i = 0; i < order.length; i++) key = key * choice.candidates.length + order[i]!;
    const known = choice.outcomes.get(key);
    if (known !== undefined) return known;
    const drawn = order.map((index) => choice.candidates[index]!);
    if (choice.outcomes.size >= OUTCOMES) return this.#passing(drawn);
    const chosen = this.#chosen(group, drawn);
    choice.outcomes.set(key, chosen);
    this.#remembered++;
    return chosen;
  }

  #groupOf(indexed: IndexedFile, tls: TlsChoice): Group {
    const known = this.#files[tls].get(indexed);
    if (known !== undefined) return known;
    if (this.#remembered > (this.#options.limit ?? DEFAULT_LIMIT)) this.#forget();
    const mirrors = this.#mirrorsOf(indexed, tls);
    const key = `${tls} ${mirrors.map(({ record }) => record.id).join(" ")}`;
    let group = this.#groups.get(key);
    if (group === undefined) {
      group = { mirrors, choices: new Map(), routes: new Map() };
      this.#groups.set(key, group);
      this.#remembered += mirrors.length + 2;
    }
    this.#files[tls].set(indexed, group);
    return group;
  }

  #mirrorsOf({ file, copies }: IndexedFile, tls: TlsChoice): PreparedMirror[] {
    const { mirrors, options } = this.#options;
    const requirements = requirementsOf(file, null, options);
    const able: PreparedMirror[] = [];
    for (const copy of inOrder(copies)) {
      const prepared = mirrors.get(copy.mirrorId);
      if (prepared === undefined || prepared.offers[tls].reason !== null) continue;
      if (findMismatch(prepared.record, copy, requirements) === null) able.push(prepared);
    }
    return able;
  }

  #choiceOf(group: Group, client: GeoRecord | null, tls: TlsChoice): RememberedChoice {
    if (this.#remembered > (this.#options.limit ?? DEFAULT_LIMIT)) this.#forget();
    const position = client !== null && client.located
      ? positionOf(client.latitude, client.longitude)
      : null;
    const candidates: UnscoredCandidate[] = [];
    for (const { record: mirror, offers, position: place } of group.mirrors) {
      if (findRestriction(mirror, client) !== null) continue;
      const distance = position === null ? 0 : distanceBetween(position, place);
      candidates.push({
        mirror,
        url: offers[tls].url,
        distance,
        score: 0,
        share: null,
        copy: null,
      });
    }
    const choice = chooseAmong(candidates, client, this.#options.options, false);
    if (choice.chance !== null) return { ...choice, fixed: null, outcomes: new Map() };
    // Whoever is not named need not be remembered.
    const named = choice.candidates.slice(0, this.#options.named);
    return {
      candidates: named,
      chance: null,
      fixed: named.length === 0 ? null : this.#chosen(group, named),
      outcomes: new Map(),
    };
  }

  #chosen(group: Group, candidates: readonly Candidate[]): Chosen {
    const key = candidates.slice(0, this.#options.named).map(({ mirror }) => mirror.id).join(" ");
    let route = group.routes.get(key);
    if (route === undefined) {
      route = { lasting: true, stops: this.#stops(candidates) };
      group.routes.set(key, route);
      this.#remembered += route.stops.length;
    }
    return { first: candidates[0]!, route };
  }

  #passing(candidates: readonly Candidate[]): Chosen {
    return { first: candidates[0]!, route: { lasting: false, stops: this.#stops(candidates) } };
  }

  #stops(candidates: readonly Candidate[]): Route["stops"] {
    return candidates.slice(0, this.#options.named).map(({ mirror, url }) => ({ mirror, url }));
  }

  /** Begins anew: what is asked for now fills the memory again. */
  #forget(): void {
    this.#groups = new Map();
    this.#files = groupsOfFiles();
    this.#remembered = 0;
  }
}

function groupsOfFiles(): Record<TlsChoice, WeakMap<IndexedFile, Group>> {
  return { any: new WeakMap(), with_tls: new WeakMap(), without_tls: new WeakMap() };
}
