import type { Config } from "../config/config.ts";
import type { HealthJson } from "../control/api/daemon_schemas.ts";
import type { Log } from "../log/log.ts";
import { messageOf } from "../log/message_of.ts";
import { hashWishes } from "../scan/hash_wishes.ts";
import type { Store } from "../store/store.ts";
import { systemClock } from "./system_clock.ts";

/** What a {@linkcode PieceBacklog} works with. */
export interface PieceBacklogOptions {
  readonly store: Store;
  /** The configuration in force now. */
  readonly config: () => Config;
  /** Settles when no scan of the source runs on this node; it never fails. */
  readonly sourceScan: () => Promise<void>;
  readonly log: Log;
  /** Ends the work. */
  readonly signal: AbortSignal;
}

/** Milliseconds after which it is looked again whether nobody else hashes pieces any more. */
const RETRY = 15_000;

/** Hashes the pieces that are wanted and not there, beside everything else that this node does. */
export class PieceBacklog implements AsyncDisposable {
  readonly #options: PieceBacklogOptions;
  /** The pieces that are being hashed; `null`: none are. */
  #work: Promise<void> | null = null;
  #progress: HealthJson["pieces"] = null;

  constructor(options: PieceBacklogOptions) {
    this.#options = options;
  }

  /** How far it is; `null`: nothing is hashed. */
  get progress(): HealthJson["pieces"] {
    return this.#progress;
  }

  /** Begins, unless that is being done or nobody wants pieces. */
  start(): void {
    const { config, log, signal } = this.#options;
    if (this.#work !== null || hashWishes(config()).pieces === null) return;
    this.#progress = { hashed: 0, total: null };
    this.#work = this.#hashWanted()
      .catch((error) => {
        if (signal.aborted) return;
        log.warn(`Cannot hash the pieces of files: ${messageOf(error)}`);
      })
      .finally(() => {
        this.#progress = null;
        this.#work = null;
      });
  }

  /** Waits until nothing is hashed any more. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#work;
  }

  /** Hashes until nothing is left; begins anew when the configuration asks for something else. */
  async #hashWanted(): Promise<void> {
    const { store, config, log, signal, sourceScan } = this.#options;
    const { hashBacklog } = await import("../scan/piece_backlog.ts");
    let hashes = hashWishes(config());
    while (hashes.pieces !== null) {
      const begun = JSON.stringify(hashes);
      const other = new AbortController();
      const done = await hashBacklog({
        ...{ store, repository: config().repository, hashes, log },
        signal: AbortSignal.any([signal, other.signal]),
        turn: async () => {
          await sourceScan();
          if (JSON.stringify(hashWishes(config())) !== begun) other.abort();
        },
        onProgress: (hashed, total) => {
          this.#progress = { hashed, total };
        },
      }).catch((error) => {
        if (signal.aborted || !other.signal.aborted) throw error;
        return "other" as const;
      });
      if (typeof done === "number") return;
      if (done === null) {
        // Another node is at it, or one that was killed and whose lock runs out soon.
        this.#progress = null;
        await systemClock.delay(RETRY, signal);
      }
      hashes = hashWishes(config());
    }
  }
}
