import type { IndexedFile } from "../catalog/file.ts";
import type { ClientView } from "./client_view.ts";
import { findFileExclusion, requirementsOf } from "./exclude.ts";
import type { ExclusionCounts, ExclusionPairs } from "./exclusion_counts.ts";
import type { PreparedMirror } from "./prepared_mirror.ts";
import type { TlsChoice } from "./selection.ts";
import type { SelectionOptions } from "./selection_options.ts";
import type { SetLevel } from "./set_view.ts";
import type { Carrier, StableDrawing } from "./stable_drawing.ts";
import type { Stop, Stops } from "./stop.ts";
import type { Tree } from "./tree.ts";
import { copiesOf, type WholeTree } from "./whole_tree.ts";

/** Mirrors that can serve a file, whoever asks. Files that the same mirrors can serve share it. */
export interface MirrorGroup {
  readonly mirrors: readonly PreparedMirror[];
  /** One for each mirror. */
  readonly stops: readonly Stop[];
  /** How each client chooses: a place in the selector's memory. */
  readonly choices: Map<ClientView, number>;
  /** Who is left out because of a client, where somebody is. */
  readonly unwanted: Map<ClientView, ExclusionPairs>;
  /** Everyone who may be drawn by the client's address; `null`: chance draws. */
  readonly carriers: readonly Carrier[] | null;
  /** How each client chooses among them; `null`: nobody may serve it. */
  readonly drawn: Map<ClientView, StableDrawing | null>;
}

/** What {@linkcode MirrorGroups} go by. */
export interface MirrorGroupsOptions {
  /** By ID; copies on a mirror that is not here are passed over. */
  readonly mirrors: ReadonlyMap<number, PreparedMirror>;
  /** What the operator configured. */
  readonly options: SelectionOptions;
  /** Mirrors that are never scanned; default: there are none. */
  readonly wholeTree?: WholeTree | null;
}

/** Words of 8 bytes that a group takes besides its mirrors. */
const GROUP_WORDS = 24;

/** Finds out which mirrors can serve files. */
export class MirrorGroups {
  /** Words of 8 bytes that the groups take, about. */
  words = 0;
  readonly #options: MirrorGroupsOptions;
  readonly #stops: Stops;
  readonly #groups = new Map<string, MirrorGroup>();
  readonly #left: Pick<ExclusionCounts, "add">;

  /**
   * @param options mirrors and configuration
   * @param stops of the selector
   * @param left told why mirrors may not serve a file
   */
  constructor(options: MirrorGroupsOptions, stops: Stops, left: Pick<ExclusionCounts, "add">) {
    this.#left = left;
    this.#options = options;
    this.#stops = stops;
  }

  /**
   * The group that serves a file.
   *
   * @param tls which scheme the answer may use
   * @param tree where the file is, if addresses take the place of chance there
   * @param level which revisions of its metadata set may serve
   */
  of(indexed: IndexedFile, tls: TlsChoice, tree: Tree | null, level: SetLevel): MirrorGroup {
    const mirrors = this.#mirrorsOf(indexed, tls, tree, level);
    const carriers = tree === null ? null : this.#carriersOf(indexed, tree);
    const set = tree?.set?.isStable(indexed.file.path) ? tree.set : null;
    const revisionOf = ({ record }: PreparedMirror): number => set?.revisionOf(record.id) ?? 0;
    const bound = set === null ? "" : carriers!.map(revisionOf).join(" ");
    const key = carriers === null
      ? `${tls} ${idsOf(mirrors)}`
      : `${tls} ${idsOf(mirrors)}/${idsOf(carriers)}/${bound}`;
    let group = this.#groups.get(key);
    if (group === undefined) {
      const stops = mirrors.map((mirror) => this.#stops.of(mirror, tls));
      const carrying = carriers?.map((mirror) => ({
        mirror,
        stop: stops[mirrors.indexOf(mirror)] ?? null,
        revision: revisionOf(mirror),
      })) ?? null;
      group = {
        ...{ mirrors, stops, carriers: carrying },
        ...{ choices: new Map(), unwanted: new Map(), drawn: new Map() },
      };
      this.#groups.set(key, group);
      this.words += GROUP_WORDS + 2 * (mirrors.length + (carriers?.length ?? 0));
    }
    return group;
  }

  #mirrorsOf(
    indexed: IndexedFile,
    tls: TlsChoice,
    tree: Tree | null,
    level: SetLevel,
  ): PreparedMirror[] {
    const { mirrors, options, wholeTree = null } = this.#options;
    const requirements = requirementsOf(indexed.file, tls, options, tree, level);
    const able: PreparedMirror[] = [];
    for (const copy of copiesOf(indexed, wholeTree)) {
      const mirror = mirrors.get(copy.mirrorId);
      if (mirror === undefined) continue;
      const reason = findFileExclusion(mirror, copy, requirements);
      if (reason === null) able.push(mirror);
      // Those that are for some networks alone are nobody else's business.
      else if (!mirror.record.networksOnly) this.#left.add(reason);
    }
    return able;
  }

  /** Everyone enabled who carries the set, or has a copy, in whatever state. */
  #carriersOf(indexed: IndexedFile, { set }: Tree): PreparedMirror[] {
    const ids = new Set(set?.standings.keys());
    const copies = copiesOf(indexed, this.#options.wholeTree ?? null);
    for (const { mirrorId } of copies) ids.add(mirrorId);
    return [...ids].sort((a, b) => a - b).flatMap((id) => {
      const mirror = this.#options.mirrors.get(id);
      return mirror?.record.enabled ? [mirror] : [];
    });
  }
}

function idsOf(mirrors: readonly PreparedMirror[]): string {
  return mirrors.map(({ record }) => record.id).join(" ");
}
