import type { Rollout } from "../catalog/rollout.ts";
import type { Config } from "../config/config.ts";
import type { Log } from "../log/log.ts";
import type { BeforeWrite } from "../scan/source_scan_options.ts";
import type { Store } from "../store/store.ts";
import { EmbargoWatch } from "../release/embargo_watch.ts";
import { LatestWatch } from "../release/latest_watch.ts";
import { RolloutWatch } from "../release/rollout_watch.ts";
import { systemClock } from "./system_clock.ts";

/** What a {@linkcode ReleaseSide} works with. */
export interface ReleaseSideOptions {
  readonly store: Store;
  readonly config: () => Config;
  /** The paths of the source's files. */
  readonly paths: () => Promise<Iterable<string>>;
  /** Whether a path belongs to a metadata set. */
  readonly isBound: (path: string) => boolean;
  readonly log: Log;
  readonly signal: AbortSignal;
}

/** What happens around a release, on the control thread: what waits, what is newest, how far it is. */
export class ReleaseSide implements Disposable {
  readonly #embargo: EmbargoWatch;
  readonly #latest: LatestWatch;
  readonly #rollout: RolloutWatch;
  readonly #resources = new DisposableStack();

  constructor({ store, config, paths, isBound, log, signal }: ReleaseSideOptions) {
    const common = { store, log, clock: systemClock, signal };
    this.#embargo = new EmbargoWatch({ ...common, config, isBound });
    this.#latest = new LatestWatch({ ...common, config, paths });
    this.#rollout = new RolloutWatch({ ...common, paths });
  }

  /** Begins, where this node works on schedule. */
  start(): void {
    for (const watch of [this.#embargo, this.#latest, this.#rollout]) {
      this.#resources.use(watch.start());
    }
  }

  /** Notes new versions before the index says that they are there. */
  readonly beforeWrite: BeforeWrite = (difference) => this.#embargo.beforeWrite(difference);

  /** Tells how far a path is. @param watch whether to note from now on when mirrors get it */
  rollout(path: string, watch: boolean): Promise<Rollout | null> {
    return this.#rollout.rollout(path, watch);
  }

  /** See {@linkcode Disposable}. */
  [Symbol.dispose](): void {
    this.#resources.dispose();
  }
}
