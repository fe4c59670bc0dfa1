import type { Clock } from "../../clock/clock.ts";
import type { ListenAddress } from "../../config/config.ts";
import type { Log } from "../../log/log.ts";
import type { RecordedAnswers } from "../../stats/recorder.ts";
import type { TalliedRequests } from "../../stats/tallied_requests.ts";
import type { ThreadMeasure } from "../../stats/thread_measure.ts";
import type { MaybePromise } from "../../store/store_reader.ts";
import type { HttpConfig } from "../request/config.ts";
import type { ForwardedRequests } from "./forwarder_tally.ts";
import type { ControlMessage, HttpMessage } from "./messages.ts";
import type { SharedAddress } from "./steering.ts";
import { Mailbox } from "./mailbox.ts";

/** The way to a thread that was started. */
export interface HttpThreadLink<Databases> {
  /** Sends a message. What is sent before the thread is ready for it waits. */
  send(message: ControlMessage<Databases>): void;
  /** Ends the thread at once. */
  terminate(): void;
  /** Whether the thread says when it is prepared. Default: nobody waits for that. */
  readonly prepares?: boolean;
}

/** What to call when a thread has something to say. */
export interface HttpThreadEvents {
  /** The thread sent a message. */
  readonly message: (message: HttpMessage) => void;
  /** The thread ended without having been asked to. */
  readonly died: (reason: string) => void;
}

/** Where an HTTP thread runs: in a worker of its own, or here on the control thread. */
export type HttpThreadPlace = "worker" | "here";

/** Starts a thread. */
export type StartHttpThread<Databases> = (
  place: HttpThreadPlace,
  config: HttpConfig,
  events: HttpThreadEvents,
  permissions: Deno.PermissionOptions,
) => HttpThreadLink<Databases>;

/** What a {@linkcode HttpThreadHandle} works with. */
export interface HttpThreadHandleOptions<Databases> {
  readonly place: HttpThreadPlace;
  readonly config: HttpConfig;
  /** What the thread may do, when it has a worker of its own. */
  readonly permissions: Deno.PermissionOptions;
  readonly start: StartHttpThread<Databases>;
  /** Everything that it has to know now. */
  readonly news: () => readonly ControlMessage<Databases>[];
  /** Takes in what the thread recorded; what it returns is when that is done. */
  readonly recorded: (recorded: RecordedAnswers) => MaybePromise<void>;
  /** Takes in what the thread counted, where that comes by itself. */
  readonly tallied: (tallied: TalliedRequests) => void;
  /** Takes in who forwarded requests. */
  readonly forwarded: (forwarded: ForwardedRequests) => void;
  /** Takes in which files mirrors should be asked for. */
  readonly wanted: (paths: readonly string[]) => void;
  /** Told whose connection should be cut. */
  readonly stalled: (peer: SharedAddress) => void;
  readonly log: Log;
  readonly clock: Pick<Clock, "after" | "elapsed">;
  /** Told the reason when the thread could not accept a connection. */
  readonly refused: (reason: string) => void;
  /** Called once when the thread died while it was wanted. */
  readonly died: (handle: HttpThreadHandle<Databases>, reason: string) => void;
}

/** How a thread is to listen on an address. */
export interface ThreadListening {
  /** Whether others may listen there too. */
  readonly shared: boolean;
  /** Whether a Unix socket is taken from whoever listens there. */
  readonly takeOver: boolean;
  /** With how many sockets. */
  readonly sockets: number;
}

/** Milliseconds that a thread has to stop: more than its running requests have. */
const STOP_TIME = 12_000;

/** An HTTP thread as the control thread deals with it. */
export class HttpThreadHandle<Databases> {
  /** Where it runs. */
  readonly place: HttpThreadPlace;
  readonly #options: HttpThreadHandleOptions<Databases>;
  readonly #link: HttpThreadLink<Databases>;
  readonly #mailbox: Mailbox<Databases>;
  /** With how many sockets it listens on the address that it was told last. */
  #sockets = 0;
  readonly #prepared = Promise.withResolvers<void>();
  #listening: PromiseWithResolvers<void> | null = null;
  #failure: Error | null = null;
  #quiet: PromiseWithResolvers<void> | null = null;
  #renewing: PromiseWithResolvers<boolean> | null = null;
  #renewed: PromiseWithResolvers<void> | null = null;
  #stopped: PromiseWithResolvers<void> | null = null;
  #answered: PromiseWithResolvers<void> | null = null;
  #measured: PromiseWithResolvers<ThreadMeasure | null> | null = null;
  /** When the thread was asked how it is. */
  #askedAt = 0;

  /** Starts the thread. */
  constructor(options: HttpThreadHandleOptions<Databases>) {
    this.place = options.place;
    this.#options = options;
    this.#link = options.start(options.place, options.config, {
      message: (message) => this.#take(message),
      died: (reason) => this.#die(reason),
    }, options.permissions);
    if (!this.#link.prepares) this.#prepared.resolve();
    const { news, log } = options;
    this.#mailbox = new Mailbox({ send: (message) => this.#link.send(message), news, log });
  }

  /** With how many sockets it listens. */
  get sockets(): number {
    return this.#failure === null ? this.#sockets : 0;
  }

  /** Fulfilled when the thread has opened all that it answers with, or cannot. */
  get prepared(): Promise<void> {
    return this.#prepared.promise;
  }

  /** Tells the thread something; one that hangs learns of changes when it does no more. */
  send(message: ControlMessage<Databases>): void {
    this.#mailbox.send(message);
  }

  /**
   * Has the thread listen on one more address.
   *
   * @returns when it does
   * @throws Error when it cannot, or died
   */
  async listen(
    address: ListenAddress,
    { shared, takeOver, sockets }: ThreadListening,
  ): Promise<void> {
    for (let i = 0; i < sockets; i++) {
      if (this.#failure !== null) throw this.#failure;
      this.#listening = Promise.withResolvers();
      this.send({ type: "listen", address, shared, takeOver });
      await this.#listening.promise;
    }
    this.#sockets = sockets;
  }

  /** @returns when the thread shows a sign of life, which may be never */
  async ping(): Promise<void> {
    if (this.#answered === null) {
      this.#answered = Promise.withResolvers();
      this.send({ type: "ping" });
    }
    await this.#answered.promise;
  }

  /**
   * Asks the thread how it is.
   *
   * @param patience milliseconds that it has to answer
   * @returns for how many milliseconds it has not answered, when it does not; `null` when it died
   */
  async measure(patience: number): Promise<ThreadMeasure | number | null> {
    if (this.#failure !== null) return null;
    const { clock } = this.#options;
    if (this.#measured === null) {
      this.#askedAt = clock.elapsed();
      this.#measured = Promise.withResolvers();
      this.send({ type: "measure" });
    }
    const late = Promise.withResolvers<number>();
    using _timer = clock.after(patience, () => late.resolve(clock.elapsed() - this.#askedAt));
    return await Promise.race([this.#measured.promise, late.promise]);
  }

  /**
   * Has the thread end each connection with its next answer.
   *
   * @param most milliseconds to wait at most; `null`: for as long as it takes
   * @returns when nobody asks it any more, the time is over, it stays after all, or it died
   */
  leave(most: number | null): Promise<void> {
    if (this.#failure !== null || this.#stopped !== null) return Promise.resolve();
    this.#quiet = Promise.withResolvers();
    this.send({ type: "leave", most });
    return this.#quiet.promise;
  }

  /**
   * Has the thread let go of all its connections, and listen on.
   *
   * @param time milliseconds that connections have to end by themselves
   * @param renewing told when that began, and whether new connections have a socket of their own
   * @returns when all are gone, or the thread died
   */
  async renew(time: number, renewing: (anew: boolean) => void): Promise<void> {
    if (this.#failure !== null || this.#stopped !== null || this.#renewed !== null) return;
    this.#renewing = Promise.withResolvers();
    this.#renewed = Promise.withResolvers();
    void this.#renewing.promise.then(renewing);
    this.send({ type: "renew", time });
    await this.#renewed.promise;
    this.#renewed = null;
  }

  /** Has a thread that was leaving go on as before. */
  stay(): void {
    this.#quiet?.resolve();
    this.send({ type: "stay" });
  }

  /** Lets running requests finish, has everything recorded sent, and ends the thread. */
  stop(): Promise<void> {
    this.#stopped ??= Promise.withResolvers();
    const timer = this.#options.clock.after(STOP_TIME, () => this.#end());
    if (this.#failure !== null) this.#end();
    else this.send({ type: "stop" });
    return this.#stopped.promise.finally(() => timer[Symbol.dispose]());
  }

  #take(message: HttpMessage): void {
    switch (message.type) {
      case "recorded":
        return this.#record(message.recorded);
      case "forwarded":
        return this.#options.forwarded(message.forwarded);
      case "wanted":
        return this.#options.wanted(message.paths);
      case "stalled":
        return this.#options.stalled(message.peer);
      case "log":
        this.#options.log[message.level](message.message);
        return this.send({ type: "logged" });
      case "prepared":
        return this.#prepared.resolve();
      case "ready":
        return this.#listening?.resolve();
      case "error":
        return this.#listening?.reject(new Error(message.message));
      case "quiet":
        return this.#quiet?.resolve();
      case "refused":
        return this.#options.refused(message.reason);
      case "renewing":
        return this.#renewing?.resolve(message.anew);
      case "renewed":
        return this.#renewed?.resolve();
      case "died":
        return this.#die(message.reason);
      case "stopped":
        return this.#end();
      case "pong":
        this.#mailbox.answered();
        this.#answered?.resolve();
        this.#answered = null;
        return;
      case "measured":
        // Also where nobody waits for the answer any more.
        this.#options.tallied(message.measure.tallied);
        this.#measured?.resolve(message.measure);
        this.#measured = null;
        return;
      case "open":
        return;
    }
  }

  /** Until the thread is told, it counts with what is on its way. */
  #record(recorded: RecordedAnswers): void {
    const recording = this.#options.recorded(recorded);
    const taken = (): void => this.send({ type: "taken" });
    if (recording instanceof Promise) void recording.then(taken, taken);
    else taken();
  }

  #end(): void {
    this.#link.terminate();
    this.#prepared.resolve();
    this.#quiet?.resolve();
    this.#renewed?.resolve();
    this.#measured?.resolve(null);
    this.#stopped?.resolve();
  }

  #die(reason: string): void {
    if (this.#failure !== null) return;
    this.#failure = new Error(reason);
    this.#prepared.resolve();
    this.#listening?.promise.catch(() => {});
    this.#listening?.reject(this.#failure);
    this.#link.terminate();
    this.#quiet?.resolve();
    this.#renewed?.resolve();
    this.#measured?.resolve(null);
    if (this.#stopped !== null) this.#stopped.resolve();
    else this.#options.died(this, reason);
  }
}
