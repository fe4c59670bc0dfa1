import type { MirrorRecord } from "../catalog/mirror_state.ts";
import { type SetRule, SetRules } from "../catalog/set_rule.ts";
import {
  parseHistory,
  parseStanding,
  parseStandingName,
  type SetStanding,
} from "../catalog/set_state.ts";
import { SetView } from "./set_view.ts";

/** Files that one client always gets from the same mirror: they fit together. */
export interface Tree {
  /** Every path below it begins so. */
  readonly prefix: string;
  /** The metadata set that it is; `null`: none, only a part of the repository. */
  readonly set: SetView | null;
}

/** What the trees of a configuration are made of. */
export interface TreeOptions {
  /** Prefixes of parts of the repository. */
  readonly stableDraw: readonly string[];
  /** Describe metadata sets. */
  readonly metadataSets: readonly SetRule[];
}

/** Where addresses take the place of chance: the metadata sets and the other trees of a configuration. */
export class Trees {
  readonly #prefixes: readonly Tree[];
  readonly #rules: SetRules;
  #sets = new Map<string, SetView>();
  /** By what belongs to them. */
  readonly #below = new Map<string, Tree>();
  #required: ReadonlyMap<string, string> = new Map();
  #mirrors: ReadonlyMap<number, MirrorRecord> = new Map();
  /** Second half of the salt: what the mirrors' IDs are mixed with, 32 bits. */
  readonly key: number;

  /**
   * Knows no sets yet.
   *
   * @param options what the operator configured
   * @param key the second half of the salt
   */
  constructor({ stableDraw, metadataSets }: TreeOptions, key: number) {
    this.#prefixes = stableDraw.map((prefix) => ({ prefix, set: null }));
    this.#rules = new SetRules(metadataSets);
    this.key = key;
  }

  /** The metadata sets, by root. */
  get sets(): ReadonlyMap<string, SetView> {
    return this.#sets;
  }

  /** The tree that a path belongs to, of several the longest; `null`: none. */
  of(path: string): Tree | null {
    if (this.#below.size > 0) {
      const own = this.#below.get(path);
      if (own !== undefined) return own;
      for (let end = path.lastIndexOf("/"); end >= 0; end = path.lastIndexOf("/", end - 1)) {
        const tree = this.#below.get(path.slice(0, end + 1));
        if (tree !== undefined) return tree;
        if (end === 0) break;
      }
    }
    return this.#prefixes.find(({ prefix }) => path.startsWith(prefix)) ?? null;
  }

  /**
   * Takes over which sets there are, with their revisions.
   *
   * @param notes of the kind `set`
   * @param changed names of those that are others than before; `null`: any may be
   * @returns whether sets came or went
   */
  takeSets(notes: ReadonlyMap<string, string>, changed: readonly string[] | null): boolean {
    const before = this.#sets;
    const sets = new Map<string, SetView>();
    let same = true;
    for (const [root, text] of notes) {
      const known = before.get(root);
      if (known !== undefined && changed !== null && !changed.includes(root)) {
        sets.set(root, known);
        continue;
      }
      const found = this.#rules.rootOf(root);
      const history = found && parseHistory(text);
      if (!found || !history) continue;
      if (known === undefined) {
        same = false;
        sets.set(root, new SetView(root, found, this.#rules, history));
      } else {
        known.takeHistory(history);
        sets.set(root, known);
      }
    }
    same &&= sets.size === before.size;
    this.#sets = sets;
    if (same) return false;
    this.#below.clear();
    // Of several with the same files, the first root counts; a root is always its own.
    for (const set of [...sets.values()].sort((a, b) => a.root < b.root ? 1 : -1)) {
      this.#below.set(set.below, { prefix: set.below, set });
      this.#below.set(set.root, { prefix: set.below, set });
    }
    return true;
  }

  /** Takes over what mirrors have of the sets. @param notes of the kind `set_mirror` */
  takeStandings(notes: ReadonlyMap<string, string>, changed: readonly string[] | null): void {
    const roots = changed && new Set(changed.map((name) => parseStandingName(name)?.root));
    const all = new Map<string, Map<number, SetStanding>>();
    for (const [name, text] of notes) {
      const named = parseStandingName(name);
      if (named === null || (roots !== null && !roots.has(named.root))) continue;
      const standing = parseStanding(text);
      if (standing === null) continue;
      const standings = all.get(named.root) ?? new Map();
      all.set(named.root, standings.set(named.mirrorId, standing));
    }
    for (const [root, set] of this.#sets) {
      if (roots === null || roots.has(root)) set.takeStandings(all.get(root) ?? new Map());
    }
  }

  /** Takes over of which sets only the present revision counts. @param notes of the kind `require` */
  takeRequired(notes: ReadonlyMap<string, string>): void {
    this.#required = notes;
  }

  /** Takes over the mirrors. */
  takeMirrors(mirrors: ReadonlyMap<number, MirrorRecord>): void {
    this.#mirrors = mirrors;
  }

  /** Finds out anew how old revisions may be. @param now milliseconds since the epoch */
  judge(now: number): void {
    for (const [root, set] of this.#sets) {
      const until = Number(this.#required.get(root) ?? 0);
      set.judge(this.#mirrors, until > now, now);
    }
  }
}

/** Whether a name is bound to a revision of a metadata set. */
export function isBound(trees: Trees | null, path: string): boolean {
  return trees?.of(path)?.set?.isStable(path) ?? false;
}
