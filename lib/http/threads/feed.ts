import { cutTexts } from "../../catalog/text_limits.ts";
import type { Log } from "../../log/log.ts";
import { messageOf } from "../../log/message_of.ts";
import type { Store, StoreChange } from "../../store/store.ts";
import type { ControlMessage } from "./messages.ts";

/** What an {@linkcode HttpFeed} works with. */
export interface HttpFeedOptions {
  readonly store: Pick<Store, "mirror" | "mirrors" | "watch">;
  /** Sends a message to every HTTP thread. */
  readonly send: (message: ControlMessage<never>) => void;
  readonly log: Pick<Log, "debug">;
}

/**
 * Tells the HTTP threads what changes in the store: the mirrors themselves, and which paths must not be
 * remembered any more.
 */
export class HttpFeed {
  readonly #options: HttpFeedOptions;
  readonly #changed = new Set<number>();
  #everyMirror = true;
  #running: Promise<void> | null = null;

  constructor(options: HttpFeedOptions) {
    this.#options = options;
  }

  /**
   * Sends every mirror, and from then on what changes, until the signal is aborted.
   *
   * @returns when the mirrors were sent, or could not be read; then they follow when the store is back
   */
  start(signal: AbortSignal): Promise<void> {
    this.#options.store.watch((change) => this.#take(change), signal);
    return this.#run();
  }

  #take(change: StoreChange): void {
    const { send } = this.#options;
    if (change.type === "condition") return;
    if (change.type === "files" || change.type === "copies") {
      return send({ type: "paths", paths: change.paths });
    }
    if (change.type === "mirror") {
      this.#changed.add(change.id);
    } else {
      if (change.type === "availability" && !change.available) return;
      // What happened while nobody listened is not known.
      send({ type: "everything" });
      this.#everyMirror = true;
    }
    this.#run();
  }

  /** Reads and sends what changed; a change that comes meanwhile is not lost. */
  #run(): Promise<void> {
    this.#running ??= this.#readAll().then((complete) => {
      this.#running = null;
      if (complete && (this.#everyMirror || this.#changed.size > 0)) this.#run();
    });
    return this.#running;
  }

  /** @returns whether the store answered */
  async #readAll(): Promise<boolean> {
    const { store, send, log } = this.#options;
    try {
      while (this.#everyMirror || this.#changed.size > 0) {
        if (this.#everyMirror) {
          this.#everyMirror = false;
          this.#changed.clear();
          try {
            send({ type: "mirrors", mirrors: (await store.mirrors()).map(cutTexts) });
          } catch (error) {
            this.#everyMirror = true;
            throw error;
          }
        }
        for (const id of this.#changed) {
          this.#changed.delete(id);
          try {
            const mirror = await store.mirror(id);
            send(
              mirror
                ? { type: "mirror", mirror: cutTexts(mirror) }
                : { type: "mirror_removed", id },
            );
          } catch (error) {
            this.#changed.add(id);
            throw error;
          }
        }
      }
      return true;
    } catch (error) {
      // The store says itself that it is away, and when it is back.
      log.debug(`Cannot read the mirrors: ${messageOf(error)}`);
      return false;
    }
  }
}
