import type { IndexedFile } from "../catalog/file.ts";
import { chooseAmong } from "./choice.ts";
import { ChoiceMemory, type GroupMember } from "./choice_memory.ts";
import type { Chosen } from "./chosen.ts";
import type { ClientView } from "./client_view.ts";
import { findClientExclusion } from "./exclude.ts";
import { ExclusionCounts, type ExclusionPairs } from "./exclusion_counts.ts";
import { type MirrorGroup, MirrorGroups, type MirrorGroupsOptions } from "./mirror_groups.ts";
import { groupOf } from "./rule_set.ts";
import type { TlsChoice } from "./selection.ts";
import type { SetView } from "./set_view.ts";
import { drawStable, stableDrawingOf } from "./stable_drawing.ts";
import { distanceTo, standpointOf } from "./standpoint.ts";
import { type Stop, Stops } from "./stop.ts";
import type { Trees } from "./tree.ts";

/** What a {@linkcode Selector} goes by. */
export interface SelectorOptions extends MirrorGroupsOptions {
  /** Where the address of a client takes the place of chance; default: nowhere. */
  readonly trees?: Trees | null;
  /** How many mirrors an answer names at most, 1 or more. */
  readonly named: number;
  /** Bound of the memory in words of 8 bytes; default 4 000 000 (32 MB). */
  readonly limit?: number;
}

const DEFAULT_LIMIT = 4_000_000;

/** Words that a choice takes besides its numbers. */
const CHOICE_WORDS = 6;

/** What is remembered of a file. */
interface Placed {
  readonly group: MirrorGroup;
  /** Who is left out because of the file; `null`: nobody. */
  readonly unable: ExclusionPairs | null;
  /** Who may serve where nobody of the group may: those with older revisions. `null`: not known yet. */
  behind: MirrorGroup | null;
  /** The metadata set that it hangs on; `null`: none. */
  readonly set: SetView | null;
  /** Whether it hangs on the set's revisions, too. */
  readonly bound: boolean;
  /** Of the set, as it was: what it hangs on. */
  readonly generation: number;
}

/** No mirror can serve the client. */
const NOBODY = -1;

/**
 * Decides as `select()` does, for answers that name a few mirrors and no reasons: the same outcomes
 * from the same random numbers. It remembers everything that chance has no part in, for as long as
 * mirrors and options stay as they are: which mirrors can serve a file, and how a client sees them.
 */
export class Selector {
  readonly #options: SelectorOptions;
  readonly #stops = new Stops();
  #groups: MirrorGroups;
  #files = groupsOfFiles();
  #memory: ChoiceMemory;
  /** Words that choices take besides what the memory counts. */
  #words = 0;
  /** Why mirrors were left out that were looked at last. */
  readonly #left = new ExclusionCounts();

  constructor(options: SelectorOptions) {
    this.#options = options;
    this.#groups = new MirrorGroups(options, this.#stops, this.#left);
    this.#memory = new ChoiceMemory(options.named);
  }

  /** Words of 8 bytes that are remembered now: up to the limit, and what one question more takes. */
  get remembered(): number {
    return this.#words + this.#groups.words + this.#memory.words;
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
      placed === undefined ||
      placed.set !== null && generationOf(placed.set, placed.bound) !== placed.generation
    ) {
      placed = this.#place(indexed, tls);
    }
    const { group, unable } = placed;
    if (group.carriers !== null) {
      const drawn = word ?? Math.floor(random() * 2 ** 32);
      const chosen = this.#drawStable(group, unable, client, drawn);
      if (chosen !== null || !placed.bound) return chosen;
      return this.#drawStable(this.#behind(placed, indexed, tls), unable, client, drawn);
    }
    const choice = group.choices.get(client) ?? this.#choiceOf(group, client);
    if (choice === NOBODY) return null;
    const unwanted = group.unwanted.size === 0 ? null : group.unwanted.get(client) ?? null;
    return this.#memory.draw(choice, group, random, unable, unwanted);
  }

  #drawStable(
    group: MirrorGroup,
    unable: ExclusionPairs | null,
    client: ClientView,
    word: number,
  ): Chosen | null {
    const { options, trees, named } = this.#options;
    let drawing = group.drawn.get(client);
    if (drawing === undefined) {
      this.#keepWithinLimit();
      drawing = stableDrawingOf(group.carriers!, client, options, this.#left);
      group.drawn.set(client, drawing);
      this.#keepUnwanted(group, client);
      this.#words += CHOICE_WORDS + 4 * (drawing?.stops.length ?? 0);
    }
    const unwanted = group.unwanted.get(client) ?? null;
    return drawing && drawStable(drawing, word, trees!.key, named, unable, unwanted);
  }

  #place(indexed: IndexedFile, tls: TlsChoice): Placed {
    this.#keepWithinLimit();
    const tree = this.#options.trees?.of(indexed.file.path) ?? null;
    const set = tree?.set ?? null;
    const bound = set !== null && set.isStable(indexed.file.path);
    const group = this.#groups.of(indexed, tls, tree, "floor");
    const placed: Placed = {
      group,
      unable: this.#left.take(),
      behind: null,
      set,
      bound,
      generation: set === null ? 0 : generationOf(set, bound),
    };
    this.#files[tls].set(indexed, placed);
    return placed;
  }

  /** Who has older revisions is asked for rarely, and takes as long as who has the newest. */
  #behind(placed: Placed, indexed: IndexedFile, tls: TlsChoice): MirrorGroup {
    if (placed.behind === null) {
      const tree = this.#options.trees?.of(indexed.file.path) ?? null;
      placed.behind = this.#groups.of(indexed, tls, tree, "behind");
      // They are the same mirrors again.
      this.#left.take();
    }
    return placed.behind;
  }

  /** Looks anew at who has which file, at the next question for it. */
  lookAgain(): void {
    this.#files = groupsOfFiles();
  }

  #choiceOf(group: MirrorGroup, client: ClientView): number {
    this.#keepWithinLimit();
    const choice = this.#weigh(group, client);
    group.choices.set(client, choice);
    this.#keepUnwanted(group, client);
    this.#words += CHOICE_WORDS;
    return choice;
  }

  #keepUnwanted({ unwanted }: MirrorGroup, client: ClientView): void {
    const pairs = this.#left.take();
    if (pairs === null) return;
    unwanted.set(client, pairs);
    this.#words += CHOICE_WORDS;
  }

  #weigh({ mirrors, stops }: MirrorGroup, client: ClientView): number {
    const position = standpointOf(client);
    const able: GroupMember[] = [];
    for (let index = 0; index < mirrors.length; index++) {
      const mirror = mirrors[index]!;
      const reason = findClientExclusion(mirror, client);
      if (reason !== null) {
        this.#left.add(reason);
        continue;
      }
      // Calls inside of the literal made this slower by a tenth.
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
    const { options, named } = this.#options;
    const { chosen, chance, others } = chooseAmong(able, client, options, false);
    if (chosen.length === 0) return NOBODY;
    // Whoever is not named need not be remembered.
    const stopsOf = (members: readonly GroupMember[]): Stop[] =>
      members.slice(0, named).map(({ index }) => stops[index]!);
    if (chance === null) return this.#memory.addOrder(stopsOf(chosen), chosen[0]!.distance);
    return this.#memory.addChance(chosen, chance, stopsOf(others), position);
  }

  /** Begins anew when there is too much: what is asked for now fills the memory again. */
  #keepWithinLimit(): void {
    if (this.remembered <= (this.#options.limit ?? DEFAULT_LIMIT)) return;
    this.#groups = new MirrorGroups(this.#options, this.#stops, this.#left);
    this.#files = groupsOfFiles();
    this.#memory = new ChoiceMemory(this.#options.named);
    this.#words = 0;
  }
}

function generationOf(set: SetView, bound: boolean): number {
  return bound ? set.generation : set.carriage;
}

function groupsOfFiles(): Record<TlsChoice, WeakMap<IndexedFile, Placed>> {
  return { any: new WeakMap(), with_tls: new WeakMap(), without_tls: new WeakMap() };
}
