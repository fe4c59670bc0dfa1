import type { Clock } from "../clock/clock.ts";
import type { Store } from "../store/store.ts";

/** What {@linkcode Readiness} works with. */
export interface ReadinessOptions {
  readonly store: Pick<Store, "countFiles" | "watch">;
  /** Called with what is in the way now, and whenever that is something else. */
  readonly changed: (trouble: string | null) => void;
  readonly clock: Pick<Clock, "after" | "now">;
}

/**
 * Knows whether this node should be sent requests: it knows what is in the repository, and does not
 * stop. A store that goes away later is no reason against it, since what is known is served on.
 */
export class Readiness {
  readonly #options: ReadinessOptions;
  #trouble: string | null = "nothing is known yet";
  #lastScan: number | null = null;
  #stopping = false;
  #ready = Promise.withResolvers<void>();

  constructor(options: ReadinessOptions) {
    this.#options = options;
  }

  /** What is in the way, in words; `null`: nothing. */
  get trouble(): string | null {
    return this.#trouble;
  }

  /** When this process scanned the source with success, in milliseconds since the epoch; or never. */
  get lastScan(): number | null {
    return this.#lastScan;
  }

  /**
   * Finds out, and looks again when something changes, until the signal is aborted or there is nothing
   * in the way any more.
   */
  async start(signal: AbortSignal): Promise<void> {
    const found = new AbortController();
    this.#options.store.watch((change) => {
      if (this.#trouble === null) return found.abort();
      const away = change.type === "availability" && !change.available;
      if (!away && change.type !== "mirror" && change.type !== "notes") void this.#look();
    }, AbortSignal.any([signal, found.signal]));
    await this.#look();
  }

  /** Waits until there is nothing in the way. @param patience milliseconds, at most */
  async wait(patience: number): Promise<void> {
    const late = Promise.withResolvers<void>();
    using _timer = this.#options.clock.after(patience, late.resolve);
    await Promise.race([this.#ready.promise, late.promise]);
  }

  /** A source scan ended well: however little it found, it is known. */
  sourceScanned(): void {
    this.#lastScan = this.#options.clock.now();
    this.#set(null);
  }

  /** The daemon stops. */
  stop(): void {
    this.#stopping = true;
    this.#set("stopping");
  }

  async #look(): Promise<void> {
    try {
      const files = await this.#options.store.countFiles();
      // A scan may have ended meanwhile.
      if (this.#trouble === null) return;
      this.#set(files > 0 ? null : "the repository has not been scanned yet");
    } catch {
      if (this.#trouble !== null) this.#set("the store has not been reached yet");
    }
  }

  #set(trouble: string | null): void {
    if (this.#stopping && trouble !== "stopping") return;
    this.#trouble = trouble;
    if (trouble === null) this.#ready.resolve();
    this.#options.changed(trouble);
  }
}
