import type { MirrorRecord } from "../catalog/mirror_state.ts";
import type { Store, StoreChange } from "../store/store.ts";

/** Changed mirrors that are read one by one; beyond that all are read at once. */
const FEW = 20;

/** Every mirror, kept up to date by what the store tells. */
export class MirrorTable {
  readonly #store: Pick<Store, "mirror" | "mirrors">;
  readonly #mirrors = new Map<number, MirrorRecord>();
  readonly #stale = new Set<number>();
  #allStale = true;

  constructor(store: Pick<Store, "mirror" | "mirrors">) {
    this.#store = store;
  }

  /** Takes note of a change; {@linkcode refresh} reads what it was. */
  note(change: StoreChange): void {
    if (change.type === "mirror") this.#stale.add(change.id);
    else if (change.type === "missed") this.#allStale = true;
    else if (change.type === "availability" && change.available) this.#allStale = true;
  }

  /** Has everything read again by the next {@linkcode refresh}. */
  invalidate(): void {
    this.#allStale = true;
  }

  /**
   * Reads what changed.
   *
   * @throws {StoreUnavailableError} then nothing is forgotten, and the next call tries again
   */
  async refresh(): Promise<void> {
    if (this.#allStale || this.#stale.size > FEW) {
      this.#allStale = false;
      const stale = [...this.#stale];
      this.#stale.clear();
      try {
        const mirrors = await this.#store.mirrors();
        this.#mirrors.clear();
        for (const mirror of mirrors) this.#mirrors.set(mirror.id, mirror);
      } catch (error) {
        this.#allStale = true;
        stale.forEach((id) => this.#stale.add(id));
        throw error;
      }
    }
    for (const id of [...this.#stale]) {
      this.#stale.delete(id);
      try {
        const mirror = await this.#store.mirror(id);
        if (mirror) this.#mirrors.set(id, mirror);
        else this.#mirrors.delete(id);
      } catch (error) {
        this.#stale.add(id);
        throw error;
      }
    }
  }

  /** The IDs of all mirrors. */
  ids(): Iterable<number> {
    return this.#mirrors.keys();
  }

  /** All mirrors. */
  all(): Iterable<MirrorRecord> {
    return this.#mirrors.values();
  }
}
