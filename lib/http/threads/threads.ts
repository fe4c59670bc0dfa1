import type { Timer } from "../../clock/clock.ts";
import type { ListenAddress } from "../../config/config.ts";
import type { Log } from "../../log/log.ts";
import { messageOf } from "../../log/message_of.ts";
import type { ThreadMeasure } from "../../stats/thread_measure.ts";
import { reserve } from "./listener.ts";
import { listenText } from "./open_server.ts";
import type { HttpService, Predecessor } from "./service.ts";
import { LeavingThreads } from "./leaving_threads.ts";
import { MergedLog } from "./merged_log.ts";
import { Renewal } from "./renewal.ts";
import { HttpSnapshot } from "./snapshot.ts";
import { HttpThreadHandle, type HttpThreadPlace } from "./thread_handle.ts";
import type { ControlMessage } from "./messages.ts";
import { Succession } from "./succession.ts";
import { planService, socketsOf } from "./service_plan.ts";
import { planThreads } from "./thread_plan.ts";
import type { HttpThreadsOptions } from "./threads_options.ts";

/** Milliseconds between two attempts to replace a thread, at most. */
const LONGEST_PAUSE = 10_000;

/**
 * All HTTP threads, as the control thread has them: tells them of changes, replaces one that dies,
 * and changes their address and number without a request being lost.
 */
export class HttpThreads<Databases> implements AsyncDisposable {
  readonly #log: MergedLog;
  readonly #options: HttpThreadsOptions<Databases>;
  readonly #snapshot: HttpSnapshot<Databases>;
  readonly #leaving: LeavingThreads<Databases>;
  readonly #pauses = new Set<Timer>();
  readonly #renewal: Renewal;
  #threads: HttpThreadHandle<Databases>[] = [];
  #address: ListenAddress | null = null;
  #wanted = 0;
  #permissions: Deno.PermissionOptions = "inherit";
  #disposed = false;
  #restarts = 0;

  constructor(options: HttpThreadsOptions<Databases>) {
    this.#options = options;
    this.#log = new MergedLog(options.log, options.clock.elapsed);
    this.#snapshot = new HttpSnapshot(options.config);
    this.#leaving = new LeavingThreads(options.log);
    this.#renewal = new Renewal(options.steering ?? null);
  }

  /** Where they listen, for people; empty before {@linkcode serve}. */
  get address(): string {
    return this.#address === null ? "" : listenText(this.#address);
  }

  /** The log of one who shares the store with the threads: of what they ran into, it tells nothing again. */
  logView(): Log {
    return this.#log.view();
  }

  /** What somebody who takes over has to know; `null` before {@linkcode serve}. */
  get place(): Predecessor | null {
    if (this.#address === null) return null;
    return { address: this.#address, sockets: socketsOf([...this.#threads, ...this.#leaving.all]) };
  }

  /** How many there are. */
  get size(): number {
    return this.#threads.length;
  }

  /**
   * Tells whether every thread shows a sign of life.
   *
   * @param patience milliseconds that they have for it
   */
  async alive(patience: number): Promise<boolean> {
    if (this.#threads.length === 0) return false;
    const late = Promise.withResolvers<boolean>();
    using _timer = this.#options.clock.after(patience, () => late.resolve(false));
    const pongs = Promise.all(this.#threads.map((thread) => thread.ping())).then(() => true);
    return await Promise.race([pongs, late.promise]);
  }

  /** How many threads died and were replaced. */
  get restarts(): number {
    return this.#restarts;
  }

  /**
   * Asks every thread how it is.
   *
   * @param patience milliseconds that they have to answer
   * @returns one for each thread; a number: for how many milliseconds it has not answered
   */
  async measure(patience: number): Promise<(ThreadMeasure | number)[]> {
    const measures = await Promise.all(this.#threads.map((thread) => thread.measure(patience)));
    return measures.filter((measure) => measure !== null);
  }

  /** Tells every thread, and those that are started later. */
  broadcast(message: ControlMessage<Databases>): void {
    if (!this.#snapshot.take(message)) return;
    for (const thread of [...this.#threads, ...this.#leaving.all]) thread.send(message);
  }

  /**
   * Starts threads without letting them listen, so that they are ready sooner.
   *
   * @param service how they are to serve
   */
  prepare(service: HttpService): void {
    const { place, count } = planThreads(service, this.#options.balanced);
    this.#permissions = service.permissions ?? "inherit";
    while (this.#threads.length < count) this.#threads.push(this.#start(place));
  }

  /**
   * Serves in the way that is asked for from now on. New ports are open before old ones are closed,
   * and running requests finish in the background.
   *
   * @param service address and number of threads
   * @returns what there is still to do where a predecessor listens on the same TCP address
   * @throws Error when that is not possible; then nothing changed
   */
  async serve(service: HttpService): Promise<Succession | null> {
    await this.#leaving.settled();
    const { predecessor = null, permissions = "inherit" } = service;
    const before = this.#address;
    const old = this.#threads;
    const usual = this.#permissions;
    const { balanced, steering = null } = this.#options;
    const plan = planService({
      address: before,
      threads: old,
      permissions: usual,
      balanced,
      steerable: steering !== null,
    }, service);
    const { place, shared, moved, taking, others, sockets, takeOver } = plan;
    const address = !moved
      ? before!
      // A port may be one that the system chose for it.
      : taking && service.address.transport === "tcp"
      ? predecessor!.address
      : taking
      ? service.address
      : this.#reserve(service.address, shared, before ?? predecessor?.address);
    if (plan.added > 0 && before !== null && this.#options.pressure?.()) {
      throw new Error("There are too few file descriptors to start a thread: try again later");
    }
    this.#permissions = permissions;
    const kept = plan.kept.map((index) => old[index]!);
    const added = Array.from({ length: plan.added }, () => this.#start(place));
    const joining = moved ? [...kept, ...added] : added;
    const leaving = old.filter((thread) => !kept.includes(thread));
    this.#threads = [...old, ...added];
    try {
      // Clients of the first one that listens may leave no descriptor for the others' stores.
      await Promise.all(joining.map(({ prepared }) => prepared));
      const outcomes = await Promise.allSettled(
        joining.map((thread) => thread.listen(address, { shared, takeOver, sockets })),
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
    this.#threads = this.#threads.filter((thread) => !leaving.includes(thread));
    if (moved && before !== null) {
      for (const thread of kept) thread.send({ type: "unlisten", address: before });
    }
    if (moved || added.length > 0 || leaving.length > 0) this.#announce(service);
    const succession = plan.succeeds
      ? await this.#succeed(address, others, sockets * joining.length)
      : null;
    if (taking) return succession;
    const unnoticed = succession?.steered || moved || address.transport === "unix";
    if (leaving.length > 0) this.#leaving.retire(leaving, succession, unnoticed);
    return null;
  }

  /**
   * Has the threads whose turn it is, a fifth of all, let go of their connections: those that are used
   * end with their next answer, and come again; idle, half-sent and stalled ones are cut.
   *
   * @param time milliseconds that connections have to end by themselves
   */
  async renew(time: number): Promise<void> {
    await this.#leaving.settled();
    // None yet: some listen already, and others wait for a descriptor to do so.
    const address = this.#address;
    if (this.#threads.length === 0 || this.#disposed) return;
    const sockets = socketsOf([...this.#threads, ...this.#leaving.all]);
    await this.#renewal.take(this.#threads, address, sockets, time);
  }

  /**
   * Ends each connection with its next answer from now on.
   *
   * @param most milliseconds to wait at most
   * @returns when nobody asks any more, the time is over, or they stay after all
   */
  async leave(most: number): Promise<void> {
    await Promise.all(this.#threads.map((thread) => thread.leave(most)));
  }

  /** Serves on as before {@linkcode leave}, also where somebody else has taken the place meanwhile. */
  async stay(): Promise<void> {
    for (const thread of this.#threads) thread.stay();
    const address = this.#address;
    if (address?.transport !== "unix") return;
    await this.#threads[0]?.listen(address, { shared: false, takeOver: true, sockets: 1 });
  }

  /** Lets running requests finish, takes in everything that was recorded, and ends the threads. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#disposed = true;
    for (const pause of this.#pauses) pause[Symbol.dispose]();
    const threads = [...this.#threads.splice(0), ...this.#leaving.all];
    await Promise.all(threads.map((thread) => thread.stop()));
  }

  async #succeed(address: ListenAddress, old: number, next: number): Promise<Succession | null> {
    const { steering } = this.#options;
    if (!steering || address.transport === "unix") return null;
    return await Succession.begin(steering, address, { old, next });
  }

  #reserve(
    address: ListenAddress,
    shared: boolean,
    current: ListenAddress | undefined,
  ): ListenAddress {
    // Another address of the host with the same port is, in part, this program's own.
    const own = address.transport === "tcp" && current?.transport === "tcp" &&
      address.port === current.port;
    return shared && !own ? reserve(address) : address;
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
    const { start, recorded, clock } = this.#options;
    const { forwarded = () => {}, wanted = () => {}, refused = () => {} } = this.#options;
    const { tallied = () => {}, cutter } = this.#options;
    const thread = new HttpThreadHandle<Databases>({
      place,
      config: this.#snapshot.config,
      permissions: this.#permissions,
      start,
      news: () => this.#snapshot.news(),
      recorded,
      tallied,
      forwarded,
      wanted,
      refused,
      stalled: (peer) => void cutter?.cut(peer),
      log: this.#log.view(),
      clock,
      died: (handle, reason) => this.#replace(handle, reason),
    });
    for (const message of this.#snapshot.messages()) thread.send(message);
    return thread;
  }

  #replace(dead: HttpThreadHandle<Databases>, reason: string): void {
    const index = this.#threads.indexOf(dead);
    if (index < 0 || this.#disposed) return;
    this.#threads.splice(index, 1);
    // Whoever waits for its first port gets the error.
    if (this.#address === null) return;
    this.#restarts++;
    this.#options.log.error(`An HTTP thread died and is replaced: ${reason}`);
    this.#joinLater(dead.place, this.#options.pause ?? 100);
  }

  #joinLater(place: HttpThreadPlace, pause: number): void {
    const timer = this.#options.clock.after(pause, () => {
      this.#pauses.delete(timer);
      void this.#join(place, pause);
    });
    this.#pauses.add(timer);
  }

  /** Puts a thread in the place of one that died, unless a reload did so meanwhile. */
  async #join(place: HttpThreadPlace, pause: number): Promise<void> {
    const address = this.#address;
    if (this.#disposed || address === null || this.#threads.length >= this.#wanted) return;
    if (this.#options.pressure?.()) return this.#joinLater(place, LONGEST_PAUSE);
    const thread = this.#start(place);
    this.#threads.push(thread);
    try {
      const shared = this.#options.balanced && address.transport === "tcp";
      await thread.listen(address, { shared, takeOver: false, sockets: 1 });
    } catch (error) {
      const index = this.#threads.indexOf(thread);
      // One that died is being replaced already.
      if (index < 0) return;
      this.#threads.splice(index, 1);
      void thread.stop();
      this.#options.log.error(`Cannot replace an HTTP thread yet: ${messageOf(error)}`);
      if (!this.#disposed) this.#joinLater(place, Math.min(pause * 2, LONGEST_PAUSE));
    }
  }
}
