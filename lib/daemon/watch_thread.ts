import { messageOf } from "../log/message_of.ts";
import {
  EventGatherer,
  type EventLoss,
  type Gathering,
  type GatheringEnd,
  type GatheringOptions,
} from "../monitor/event_gatherer.ts";
import { READING_ONLY, THREAD_MODULES } from "../worker/reading_thread.ts";
import type { WorkerScope } from "../worker/worker_scope.ts";
import { systemClock } from "./system_clock.ts";

/** What the thread is told: what to watch; that what it said was taken in, and it may say more. */
type Order =
  | "taken"
  | (Pick<WatchThreadOptions, "loss" | "maximum" | "quiet" | "root"> & {
    readonly directories: readonly string[];
  });

/** What the thread says: it can be told; it watches; what changed; it ends, and why; what failed. */
type Answer =
  | "open"
  | "watching"
  | { readonly paths: readonly string[]; readonly anything: boolean }
  | { readonly end: GatheringEnd }
  | { readonly failed: { readonly gone: boolean; readonly message: string } };

const [major = 0, minor = 0] = Deno.version.deno.split(".").map(Number);

/**
 * When there are too many events to go by. Deno tells since 2.9 when it has forgotten some, and keeps a thousand
 * of them; before, it keeps sixteen and says nothing. A thousand files that are replaced make seven thousand.
 * One takes a core 50 µs, more than a scan takes for a file.
 */
export const LOSS: EventLoss = major > 2 || minor >= 9
  ? { events: 10_000, within: 1000, silent: false }
  : { events: 15, within: 100, silent: true };

/** Paths that wait until somebody takes them in, at most; of more than these nobody keeps the names. */
const MOST = 50_000;

/** What a {@linkcode WatchThread} works with. */
export interface WatchThreadOptions extends GatheringOptions {
  /** When there are too many events to go by; default: {@linkcode LOSS}. */
  readonly loss?: EventLoss;
}

/**
 * Watches a repository on a thread of its own. The runtime keeps some events for a thread, and forgets those
 * that come while it is busy and has not taken them in.
 */
export class WatchThread implements Gathering {
  readonly #options: WatchThreadOptions;
  readonly #worker: Worker;
  readonly #watching = Promise.withResolvers<void>();
  readonly #end = Promise.withResolvers<GatheringEnd>();
  #directories: readonly string[] = [];

  /** Starts the thread. */
  constructor(options: WatchThreadOptions) {
    this.#options = options;
    for (const { promise } of [this.#watching, this.#end]) promise.catch(() => {});
    this.#worker = new Worker(new URL("./watch_thread.ts", import.meta.url), {
      type: "module",
      name: "watcher",
      deno: {
        permissions: { ...READING_ONLY, read: [options.root, ...THREAD_MODULES], sys: false },
      },
    });
    this.#worker.onmessage = ({ data }: MessageEvent<Answer>) => this.#take(data);
    this.#worker.onerror = (event) => {
      // Otherwise it would end the whole program.
      event.preventDefault();
      this.#fail(new Error(`The thread that watches has failed: ${event.message}`));
    };
  }

  /** See {@linkcode Gathering.ended}. */
  get ended(): Promise<GatheringEnd> {
    return this.#end.promise;
  }

  /** See {@linkcode Gathering.watch}. To be called once. */
  async watch(directories: readonly string[]): Promise<void> {
    this.#directories = directories;
    await this.#watching.promise;
  }

  /** Ends the thread. */
  [Symbol.dispose](): void {
    this.#worker.onmessage = null;
    this.#worker.terminate();
    this.#watching.resolve();
    this.#end.resolve("others");
  }

  #take(answer: Answer): void {
    const { root, maximum, quiet, loss = LOSS, onChange } = this.#options;
    if (answer === "open") {
      this.#tell({ root, maximum, quiet, loss, directories: this.#directories });
    } else if (answer === "watching") {
      this.#watching.resolve();
    } else if ("paths" in answer) {
      if (answer.paths.length > 0) onChange(answer.paths);
      if (answer.anything) onChange(null);
      this.#tell("taken");
    } else if ("end" in answer) {
      this.#end.resolve(answer.end);
    } else {
      const { gone, message } = answer.failed;
      this.#fail(gone ? new Deno.errors.NotFound(message) : new Error(message));
    }
  }

  #tell(order: Order): void {
    this.#worker.postMessage(order);
  }

  #fail(error: Error): void {
    this.#watching.reject(error);
    this.#end.reject(error);
  }
}

/** Whether this is the thread, and not the one that starts it, which imports this module too. */
const scope = "WorkerGlobalScope" in globalThis
  ? globalThis as unknown as WorkerScope<Order, Answer>
  : null;
if (scope?.name === "watcher") {
  const held = new Set<string>();
  let anything = false;
  let isTold = false;
  const tell = (): void => {
    if (isTold || (held.size === 0 && !anything)) return;
    isTold = true;
    scope.postMessage({ paths: [...held], anything });
    held.clear();
    anything = false;
  };
  const onChange = (paths: readonly string[] | null): void => {
    if (paths === null) anything = true;
    else for (const path of paths) held.add(path);
    if (held.size > MOST) {
      held.clear();
      anything = true;
    }
    tell();
  };
  const failed = (error: unknown): void => {
    const gone = error instanceof Deno.errors.NotFound;
    scope.postMessage({ failed: { gone, message: messageOf(error) } });
  };
  scope.onmessage = ({ data: order }) => {
    if (order === "taken") {
      isTold = false;
      tell();
      return;
    }
    const events = new EventGatherer({ ...order, onChange, clock: systemClock });
    events.watch(order.directories).then(async () => {
      scope.postMessage("watching");
      const end = await events.ended;
      isTold = false;
      tell();
      scope.postMessage({ end });
    }).catch(failed);
  };
  scope.postMessage("open");
}
