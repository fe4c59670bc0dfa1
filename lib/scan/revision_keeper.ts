import type { SourceFile } from "../catalog/file.ts";
import { hasRevisions } from "../catalog/file_revision.ts";
import type { Store } from "../store/store.ts";
import type { SourceDifference } from "../store/difference.ts";

/** What a scan of the source does with the store. */
type SourceStore = Pick<
  Store,
  "lock" | "lookup" | "notes" | "putPieces" | "sourceFiles" | "updateSource"
>;

/** Milliseconds of a day. */
const DAY = 24 * 60 * 60 * 1000;

/** What a {@linkcode RevisionKeeper} works with. */
export interface RevisionKeeperOptions {
  readonly store: SourceStore & Pick<Store, "addRevision">;
  /** How many days a former version is of use; 0: none is kept. */
  readonly days: () => number;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

/** A store for scans of the source that keeps former versions of those files that have some. */
export class RevisionKeeper implements SourceStore {
  readonly #options: RevisionKeeperOptions;

  /** @param options what it works with */
  constructor(options: RevisionKeeperOptions) {
    this.#options = options;
  }

  /** See {@linkcode Store.lock}. */
  lock(target: Parameters<Store["lock"]>[0]): ReturnType<Store["lock"]> {
    return this.#options.store.lock(target);
  }

  /** See {@linkcode Store.notes}. */
  get notes(): Store["notes"] {
    return this.#options.store.notes;
  }

  /** See {@linkcode Store.lookup}. */
  lookup(path: string): ReturnType<Store["lookup"]> {
    return this.#options.store.lookup(path);
  }

  /** See {@linkcode Store.putPieces}. */
  putPieces(record: Parameters<Store["putPieces"]>[0]): Promise<void> {
    return this.#options.store.putPieces(record);
  }

  /** See {@linkcode Store.sourceFiles}. */
  sourceFiles(): ReturnType<Store["sourceFiles"]> {
    return this.#options.store.sourceFiles();
  }

  /**
   * Writes a difference, after what it takes the place of was kept. A file that is removed may be back in
   * a moment: programs that make repositories move whole directories.
   */
  async updateSource(difference: SourceDifference, signal: AbortSignal): Promise<void> {
    const { store, days } = this.#options;
    if (days() > 0) {
      for (const file of difference.changed) if (hasRevisions(file.path)) await this.#keep(file);
      for (const path of difference.removed) if (hasRevisions(path)) await this.#keep({ path });
    }
    await store.updateSource(difference, signal);
  }

  async #keep(next: Pick<SourceFile, "path"> & Partial<SourceFile>): Promise<void> {
    const { store, days, now } = this.#options;
    const file = (await store.lookup(next.path))?.file;
    if (file === undefined) return;
    const { path, ...version } = file;
    // Without a hash, nobody could tell it from anything else.
    if (version.sha256 + version.sha1 + version.md5 === "") return;
    const hashes = ["sha256", "sha1", "md5"] as const;
    const common = hashes.filter((name) => version[name] !== "" && (next[name] ?? "") !== "");
    const same = common.length > 0
      ? common.every((name) => next[name] === version[name])
      : next.size === version.size && next.modTime === version.modTime;
    if (same) return;
    const replaced = now();
    await store.addRevision(path, { ...version, replaced }, replaced - days() * DAY);
  }
}
