import type { ListenAddress } from "../config/config.ts";
import type { Log } from "../process/log.ts";
import type { RecordedAnswers } from "../stats/recorder.ts";
import type { HttpConfig } from "./http_config.ts";
import { listenText, reserve } from "./http_listener.ts";
import { HttpSnapshot } from "./http_snapshot.ts";
import {
  HttpThreadHandle,
  type HttpThreadPlace,
  type StartHttpThread,
} from "./http_thread_handle.ts";
import type { ControlMessage } from "./messages.ts";

/** What {@linkcode HttpThreads} work with. */
export interface HttpThreadsOptions<Databases> {
  readonly config: HttpConfig;
  readonly start: StartHttpThread<Databases>;
  /** Whether the system deals the connections of one TCP address out among several threads. */
  readonly balanced: boolean;
  /** Takes in what the threads recorded. */
  readonly recorded: (recorded: RecordedAnswers) => void;
  readonly log: Log;
  /** Milliseconds before a thread that died is replaced; default 100. */
  readonly pause?: number;
}

/** Milliseconds between two attempts to replace a thread, at most. */
const LONGEST_PAUSE = 10_000;

/** How requests are served. */
export interface HttpService {
  readonly address: ListenAddress;
  /** Threads; 0: on the control thread. */
  readonly workers: number;
  /** What threads with a worker of their own may do. Default: whatever the control thread may. */
  readonly permissions?: Deno.PermissionOptions;
}

/**
 * All HTTP threads, as the control thread has them: tells them of changes, replaces one that dies,
 * and changes their address and number without a request being lost.
 */
export class HttpThreads<Databases> implements AsyncDisposable {
  readonly #options: HttpThreadsOptions<Databases>;
  readonly #snapshot: HttpSnapshot<Databases>;
  /** Threads that are not wanted any more; they may still have to answer. */
  readonly #leaving = new Set<HttpThreadHandle<Databases>>();
  readonly #pauses = new Set<ReturnType<typeof setTimeout>>();
  #threads: HttpThreadHandle<Databases>[] = [];
  #address: ListenAddress | null = null;
  #wanted = 0;
  #permissions: Deno.PermissionOptions = "inherit";
  #disposed = false;

  constructor(options: HttpThreadsOptions<Databases>) {
    this.#options = options;
    this.#snapshot = new HttpSnapshot(options.config);
  }

  /** Where they listen, for people; empty before {@linkcode serve}. */
  get address(): string {
    return this.#address === null ? "" : listenText(this.#address);
  }

  /** How many there are. */
  get size(): number {
    return this.#threads.length;
  }

  /** Tells every thread, and those that are started later. */
  broadcast(message: ControlMessage<Databases>): void {
    if (!this.#snapshot.take(message)) return;
    for (const thread of [...this.#threads, ...this.#leaving]) thread.send(message);
  }

  /**
   * Starts threads without letting them listen, so that they are ready sooner.
   *
   * @param service how they are to serve
   */
  prepare(service: HttpService): void {
    const { place, count } = this.#plan(service);
    this.#permissions = service.permissions ?? "inherit";
    while (this.#threads.length < count) this.#threads.push(this.#start(place));
  }

  /**
   * Serves in the way that is asked for from now on. New ports are open before old ones are closed,
   * and running requests finish in the background.
   *
   * @param service address and number of threads
   * @throws Error when that is not possible; then nothing changed
   */
  async serve(service: HttpService): Promise<void> {
    const before = this.#address;
    const moved = before === null || !sameAddress(before, service.address);
    const { place, count, shared } = this.#plan(service);
    const { permissions = "inherit" } = service;
    const usual = this.#permissions;
    const renewed = place === "worker" && before !== null &&
      JSON.stringify(permissions) !== JSON.stringify(usual);
    if (renewed && !shared && !moved) {
      throw new Error(
        "The HTTP thread may not use what the new configuration names: start the daemon again",
      );
    }
    const address = !moved ? before : this.#reserve(service.address, shared);
    const old = this.#threads;
    // Nobody can take an unshared address over, and one thread serves it anyway.
    const kept = !shared && !moved
      ? old.slice(0, 1)
      : old.filter((thread) => thread.place === place && !renewed).slice(0, count);
    this.#permissions = permissions;
    const added = Array.from(
      { length: Math.max(0, count - kept.length) },
      () => this.#start(place),
    );
    const joining = moved ? [...kept, ...added] : added;
    this.#threads = [...old, ...added];
    try {
      const outcomes = await Promise.allSettled(
        joining.map((thread) => thread.listen(address, shared)),
      );
      const failed = outcomes.find((outcome) => outcome.status === "rejected");
      if (failed !== undefined) throw failed.reason;
    } catch (error) {
      this.#permissions = usual;
      this.#threads = this.#threads.filter((thread) => !added.includes(thread));
      for (const thread of added) void thread.stop();
      if (moved) { for (const thread of kept) thread.send({ type: "unlisten", address }); }
      throw error;
    }
    this.#address = address;
    this.#wanted = kept.length + added.length;
    this.#threads = this.#threads.filter((thread) =>
      !old.includes(thread) || kept.includes(thread)
    );
    for (const thread of old) {
      if (moved && before !== null) thread.send({ type: "unlisten", address: before });
      if (!kept.includes(thread)) this.#retire(thread);
    }
    if (moved || added.length > 0 || kept.length < old.length) this.#announce(service);
  }

  /** Lets running requests finish, takes in everything that was recorded, and ends the threads. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#disposed = true;
    for (const pause of this.#pauses) clearTimeout(pause);
    const threads = [...this.#threads.splice(0), ...this.#leaving];
    await Promise.all(threads.map((thread) => thread.stop()));
  }

  #reserve(address: ListenAddress, shared: boolean): ListenAddress {
    const current = this.#address;
    // Another address of the host with the same port is, in part, this program's own.
    const own = address.transport === "tcp" && current?.transport === "tcp" &&
      address.port === current.port;
    return shared && !own ? reserve(address) : address;
  }

  #plan({ address, workers }: HttpService): {
    place: HttpThreadPlace;
    count: number;
    shared: boolean;
  } {
    const shared = this.#options.balanced && address.transport === "tcp";
    if (workers === 0) return { place: "here", count: 1, shared };
    return { place: "worker", count: shared ? workers : 1, shared };
  }

  #announce({ workers }: HttpService): void {
    const { log } = this.#options;
    const count = this.#threads.length;
    const place = this.#threads[0]?.place === "here"
      ? "on the main thread"
      : `with ${count} ${count === 1 ? "thread" : "threads"}`;
    log.info(`Listening on ${this.address} ${place}`);
    if (workers > count) {
      const why = this.#address?.transport === "unix"
        ? "a Unix socket has one listener"
        : "this system does not deal connections out among threads";
      log.info(`Workers: 1 in place of ${workers}, since ${why}`);
    }
  }

  #start(place: HttpThreadPlace): HttpThreadHandle<Databases> {
    const { start, recorded, log } = this.#options;
    const thread = new HttpThreadHandle<Databases>({
      place,
      config: this.#snapshot.config,
      permissions: this.#permissions,
      start,
      recorded,
      log,
      died: (handle, reason) => this.#replace(handle, reason),
    });
    for (const message of this.#snapshot.messages()) thread.send(message);
    return thread;
  }

  /** Lets a thread go as soon as nobody notices. */
  #retire(thread: HttpThreadHandle<Databases>): void {
    this.#leaving.add(thread);
    void thread.retire().then(() => {
      this.#leaving.delete(thread);
      this.#options.log.debug("An HTTP thread that was not wanted any more has ended");
    });
  }

  #replace(dead: HttpThreadHandle<Databases>, reason: string): void {
    const index = this.#threads.indexOf(dead);
    if (index < 0 || this.#disposed) return;
    this.#threads.splice(index, 1);
    // Whoever waits for its first port gets the error.
    if (this.#address === null) return;
    this.#options.log.error(`An HTTP thread died and is replaced: ${reason}`);
    this.#joinLater(dead.place, this.#options.pause ?? 100);
  }

  #joinLater(place: HttpThreadPlace, pause: number): void {
    const timer = setTimeout(() => {
      this.#pauses.delete(timer);
      void this.#join(place, pause);
    }, pause);
    this.#pauses.add(timer);
  }

  /** Puts a thread in the place of one that died, unless a reload did so meanwhile. */
  async #join(place: HttpThreadPlace, pause: number): Promise<void> {
    const address = this.#address;
    if (this.#disposed || address === null || this.#threads.length >= this.#wanted) return;
    const thread = this.#start(place);
    this.#threads.push(thread);
    try {
      await thread.listen(address, this.#options.balanced && address.transport === "tcp");
    } catch (error) {
      const index = this.#threads.indexOf(thread);
      // One that died is being replaced already.
      if (index < 0) return;
      this.#threads.splice(index, 1);
      void thread.stop();
      const reason = error instanceof Error ? error.message : String(error);
      this.#options.log.error(`Cannot replace an HTTP thread yet: ${reason}`);
      if (!this.#disposed) this.#joinLater(place, Math.min(pause * 2, LONGEST_PAUSE));
    }
  }
}

/** A port that the system chose stays. */
function sameAddress(current: ListenAddress, wanted: ListenAddress): boolean {
  if (current.transport === "tcp" && wanted.transport === "tcp" && wanted.port === 0) {
    return current.hostname === wanted.hostname;
  }
  return listenText(current) === listenText(wanted);
}
