import { type FamilyState, type FamilyStates, validFamilies } from "../../catalog/families.ts";
import type { MirrorRecord } from "../../catalog/mirror_state.ts";
import { cutTexts } from "../../catalog/text_limits.ts";
import type { Clock } from "../../clock/clock.ts";
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
  readonly clock: Pick<Clock, "every" | "now">;
  /** Minutes between two checks of a mirror. */
  readonly checkInterval: () => number;
}

/** Milliseconds between two looks at states that count no more. */
const LOOK = 60_000;

/**
 * Tells the HTTP threads what changes in the store: the mirrors themselves, and which paths must not be
 * remembered any more.
 */
export class HttpFeed {
  readonly #options: HttpFeedOptions;
  readonly #changed = new Set<number>();
  /** Mirrors of which states by family of addresses are known, and what was told of them. */
  readonly #families = new Map<number, { readonly known: FamilyStates; readonly told: string }>();
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
    const { store, clock } = this.#options;
    store.watch((change) => this.#take(change), signal);
    const timer = clock.every(LOOK, () => this.#expire());
    signal.addEventListener("abort", () => timer[Symbol.dispose](), { once: true });
    return this.#run();
  }

  #take(change: StoreChange): void {
    const { send } = this.#options;
    if (change.type === "condition" || change.type === "notes") return;
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

  /** What a thread is told of a mirror: of states that count for a while, no times. */
  #told(mirror: MirrorRecord): MirrorRecord {
    const families = this.#countingFamilies(mirror.families);
    if (mirror.families === null) this.#families.delete(mirror.id);
    else {
      const told = JSON.stringify(families);
      this.#families.set(mirror.id, { known: mirror.families, told });
    }
    return cutTexts({ ...mirror, families });
  }

  #countingFamilies(states: FamilyStates | null): FamilyStates | null {
    const { clock, checkInterval } = this.#options;
    const families = validFamilies(states, clock.now(), checkInterval());
    const plain = (state: FamilyState): FamilyState => ({ ...state, time: 0 });
    return families && { ipv4: plain(families.ipv4), ipv6: plain(families.ipv6) };
  }

  /** Tells of mirrors that nobody has checked for long. */
  #expire(): void {
    for (const [id, { known, told }] of this.#families) {
      if (JSON.stringify(this.#countingFamilies(known)) !== told) this.#changed.add(id);
    }
    if (this.#changed.size > 0) this.#run();
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
            send({
              type: "mirrors",
              mirrors: (await store.mirrors()).map((one) => this.#told(one)),
            });
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
                ? { type: "mirror", mirror: this.#told(mirror) }
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
