import { formatHold, MOST_HOLDS, parseHold } from "../catalog/hold.ts";
import { parseAddressRange } from "../net/address_range.ts";
import type { Store } from "../store/store.ts";
import { ControlError } from "./api/control_error.ts";
import type { HoldJson } from "./api/release_schemas.ts";

/** What a {@linkcode HoldService} works with. */
export interface HoldServiceOptions {
  readonly store: Pick<Store, "notes">;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

/** Holds paths back, and releases them, on all nodes at once. */
export class HoldService {
  readonly #options: HoldServiceOptions;

  constructor(options: HoldServiceOptions) {
    this.#options = options;
  }

  /** What is held, by path. */
  async list(): Promise<HoldJson[]> {
    const notes = await this.#options.store.notes.all("hold");
    return [...notes].sort(([a], [b]) => a < b ? -1 : 1).map(([path, text]) => {
      const { networks, since } = parseHold(text);
      return { path, networks: [...networks], since: new Date(since).toISOString() };
    });
  }

  /**
   * Holds a path back with all that is below it.
   *
   * @param path clean path
   * @param networks whose clients get it all the same
   * @throws ControlError for what is no network, and when too many are held
   */
  async hold(path: string, networks: readonly string[]): Promise<HoldJson> {
    const { store, now } = this.#options;
    const wrong = networks.find((one) => parseAddressRange(one) === null);
    if (wrong !== undefined) {
      const message = `Not an address or a network such as 192.0.2.0/24: ${JSON.stringify(wrong)}`;
      throw new ControlError("invalid", message);
    }
    const held = await store.notes.all("hold");
    if (held.size >= MOST_HOLDS && !held.has(path)) {
      throw new ControlError("invalid", `No more than ${MOST_HOLDS} paths can be held at once`);
    }
    const before = held.get(path);
    const since = before === undefined ? now() : parseHold(before).since;
    const put = new Map([[path, formatHold({ networks, since })]]);
    await store.notes.change("hold", { put });
    return { path, networks: [...networks], since: new Date(since).toISOString() };
  }

  /** Ends that. @returns whether it was held */
  async release(path: string): Promise<boolean> {
    const { notes } = this.#options.store;
    const [held] = await notes.get("hold", [path]);
    if (typeof held !== "string") return false;
    await notes.change("hold", { removed: [path] });
    return true;
  }
}
