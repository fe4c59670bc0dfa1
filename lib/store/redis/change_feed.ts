import type { Log } from "../../process/log.ts";
import type { StoreChange } from "../store.ts";
import { CHANNELS } from "./channels.ts";

/** So many paths are told at once at most; more do not wait. */
const MOST_PATHS = 5_000;

/**
 * Turns messages into changes for listeners. A scan sends one message for each file: what comes in
 * quick succession is gathered into one change with many paths.
 */
export class ChangeFeed implements Disposable {
  readonly #watchers = new Listeners<StoreChange>();
  readonly #members = new Listeners<string>();
  readonly #mirrors = new Set<number>();
  readonly #files = new Set<string>();
  readonly #copies = new Map<number, Set<string>>();
  #paths = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** @param gather milliseconds for which messages are gathered */
  constructor(private readonly gather: number, private readonly log: Log) {}

  /** Calls `listener` for each change until the signal is aborted. */
  watch(listener: (change: StoreChange) => void, signal: AbortSignal): void {
    this.#watchers.add(listener, signal);
  }

  /** Calls `listener` for each message between nodes until the signal is aborted. */
  listen(listener: (message: string) => void, signal: AbortSignal): void {
    this.#members.add(listener, signal);
  }

  /** Tells a change at once, after everything gathered before it. */
  tell(change: StoreChange): void {
    this.#flush();
    this.#watchers.call(change, this.log);
  }

  /** Takes a message from Redis; what nobody understands is dropped. */
  receive(channel: string, message: string): void {
    switch (channel) {
      case CHANNELS.cluster:
        return this.#members.call(message, this.log);
      case CHANNELS.file:
        this.#files.add(message);
        break;
      case CHANNELS.mirror:
        if (!/^\d+$/.test(message)) return;
        this.#mirrors.add(Number(message));
        break;
      case CHANNELS.copy:
        if (!this.#addCopy(message)) return;
        break;
      default:
        return;
    }
    if (++this.#paths >= MOST_PATHS) this.#flush();
    else this.#timer ??= setTimeout(() => this.#flush(), this.gather);
  }

  /** Drops what was gathered. */
  [Symbol.dispose](): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #addCopy(message: string): boolean {
    const space = message.indexOf(" ");
    const id = message.slice(0, space);
    if (!/^\d+$/.test(id)) return false;
    const paths = this.#copies.get(Number(id)) ?? new Set();
    this.#copies.set(Number(id), paths.add(message.slice(space + 1)));
    return true;
  }

  #flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#paths = 0;
    const changes: StoreChange[] = [...this.#mirrors].map((id) => ({ type: "mirror", id }));
    if (this.#files.size > 0) changes.push({ type: "files", paths: [...this.#files] });
    for (const [mirrorId, paths] of this.#copies) {
      changes.push({ type: "copies", mirrorId, paths: [...paths] });
    }
    this.#mirrors.clear();
    this.#files.clear();
    this.#copies.clear();
    for (const change of changes) this.#watchers.call(change, this.log);
  }
}

/** Functions that are called until their signal is aborted. */
class Listeners<T> {
  readonly #listeners = new Set<{ readonly call: (value: T) => void }>();

  add(call: (value: T) => void, signal: AbortSignal): void {
    if (signal.aborted) return;
    const listener = { call };
    this.#listeners.add(listener);
    signal.addEventListener("abort", () => this.#listeners.delete(listener), { once: true });
  }

  /** One listener that fails does not keep the others from hearing. */
  call(value: T, log: Log): void {
    for (const { call } of [...this.#listeners]) {
      try {
        call(value);
      } catch (error) {
        log.error(
          `A listener to changes in the store failed: ${(error as Error)?.message ?? error}`,
        );
      }
    }
  }
}
