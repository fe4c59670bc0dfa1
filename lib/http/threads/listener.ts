import type { Clock } from "../../clock/clock.ts";
import type { ListenAddress } from "../../config/config.ts";
import { messageOf } from "../../log/message_of.ts";
import { isOutOfDescriptors } from "../../log/out_of_descriptors.ts";
import { lastOfConnection } from "./last_of_connection.ts";
import {
  type AnyHandler,
  listenFailure,
  type ListenOptions,
  listenText,
  type OpenServer,
  openServer,
} from "./open_server.ts";

/** Milliseconds that running requests have to finish when the program stops, which may take 10 s. */
const DRAIN_TIME = 8_000;

/**
 * Milliseconds before it listens anew when it could accept no connection, from the second time on:
 * doubled up to the last one while that goes on, and nothing again after a quiet second.
 */
const FIRST_PAUSE = 10;
const LAST_PAUSE = 250;
const QUIET = 1_000;

/** Milliseconds that the first turn waits for a descriptor: connections are let go of within 60 s. */
const FIRST_WAIT = 60_000;

/** Servers that accept no more and have connections, at most; of more, the oldest is cut off. */
const MOST_FORMER = 64;

/** A listening HTTP server. Disposing of it closes the port and lets running requests finish. */
export interface HttpListener extends AsyncDisposable {
  /** Where it listens, for people: `127.0.0.1:8080`, `unix:/run/mirrorbits.sock`. */
  readonly address: string;
  /**
   * Closes the port and lets running requests finish. May be called again, to give them less time.
   *
   * @param drainTime milliseconds that they have from now on; after that nobody waits for them
   */
  close(drainTime: number): Promise<void>;
  /**
   * Lets go of all connections that there are, and listens on: each is ended with its next answer, and
   * those that are left after a while, idle, half-sent or stalled, are cut. Never rejects.
   */
  renew(options: RenewOptions): Promise<void>;
}

/** How connections are let go of. */
export interface RenewOptions {
  /** Milliseconds that they have. */
  readonly time: number;
  /**
   * Told once new connections have a socket of their own, or are known to have none until the old one
   * is closed: where nobody else may listen on the address, or there is no descriptor for it.
   */
  readonly listening?: (anew: boolean) => void;
}

/** How to listen, and whom to tell when that fails later. */
export interface ListenerOptions extends ListenOptions {
  readonly clock: Pick<Clock, "after" | "delay" | "elapsed">;
  /** Told the reason each time when a connection could not be accepted. */
  readonly refused?: (reason: string) => void;
}

/**
 * Listens for requests. When a connection cannot be accepted, since there are no file descriptors, it
 * listens anew, and the connections that there are go on to be answered. When there is none for the
 * first socket, since clients of the threads before took them, it waits for one for a minute.
 *
 * @throws Error with the address and the reason when it cannot
 */
export async function listen(
  address: ListenAddress,
  handler: AnyHandler,
  options: ListenerOptions,
): Promise<HttpListener> {
  const listener = new Listener(address, handler, options);
  await listener.openFirst(options.takeOver);
  return listener;
}

class Listener implements HttpListener {
  readonly address: string;
  readonly #place: ListenAddress;
  readonly #handler: AnyHandler;
  readonly #options: ListenerOptions;
  /** Have connections; but for the one that listens, they accept no more. The oldest is the first. */
  readonly #servers: OpenServer[] = [];
  /** Servers of earlier turns have answers end their connections. */
  #turn = 0;
  #pause = 0;
  /** When a connection could not be accepted. */
  #refused = -Infinity;
  /** Aborted when it has to listen no more. */
  readonly #closing = new AbortController();
  #again: Promise<void> = Promise.resolve();
  #renewing: Promise<void> | null = null;
  #finished: Promise<void> | null = null;
  // Deno's own way to cut requests off fails once it was told to let them finish.
  readonly #late = Promise.withResolvers<void>();

  constructor(place: ListenAddress, handler: AnyHandler, options: ListenerOptions) {
    this.address = listenText(place);
    this.#place = place;
    this.#handler = handler;
    this.#options = options;
  }

  /** As {@linkcode open}, once there is a descriptor. @throws Error also when there is none for long */
  async openFirst(takeOver: boolean | undefined): Promise<void> {
    const { clock, refused } = this.#options;
    const start = clock.elapsed();
    for (let pause = FIRST_PAUSE;; pause = Math.min(pause * 2, LAST_PAUSE)) {
      try {
        return await this.open(takeOver);
      } catch (error) {
        if (!isOutOfDescriptors(error) || clock.elapsed() - start >= FIRST_WAIT) throw error;
        refused?.(messageOf(error));
        await clock.delay(pause);
      }
    }
  }

  /** @throws Error with the address and the reason when it cannot */
  async open(takeOver: boolean | undefined): Promise<void> {
    const turn = this.#turn;
    const { shared = false } = this.#options;
    const server = await openServer(this.#place, (request, info) => {
      const response = this.#handler(request, info);
      if (turn === this.#turn) return response;
      return response instanceof Promise
        ? response.then(lastOfConnection)
        : lastOfConnection(response);
    }, { shared, takeOver: takeOver ?? false });
    this.#servers.push(server);
    server.finished.catch((error) => {
      if (this.#closing.signal.aborted) return;
      this.#options.refused?.(messageOf(error));
      if (this.#servers.length > MOST_FORMER) this.#servers.shift()!.abort();
      this.#again = this.#listenAgain();
    });
  }

  async close(drainTime: number): Promise<void> {
    using _timer = this.#options.clock.after(drainTime, this.#late.resolve);
    await (this.#finished ??= this.#finish());
  }

  renew(options: RenewOptions): Promise<void> {
    return this.#renewing ??= this.#renew(options).finally(() => this.#renewing = null);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close(DRAIN_TIME);
  }

  async #renew({ time, listening = () => {} }: RenewOptions): Promise<void> {
    const { signal } = this.#closing;
    await this.#again;
    if (signal.aborted) return;
    const former = [...this.#servers];
    this.#turn++;
    const anew = await this.open(true).then(() => true, () => false);
    listening(anew);
    await this.#options.clock.delay(time, signal);
    // They were told to finish by now.
    if (signal.aborted) return;
    for (const server of former) {
      const index = this.#servers.indexOf(server);
      if (index >= 0) this.#servers.splice(index, 1)[0]!.abort();
    }
    if (!anew) await (this.#again = this.#listenAgain());
  }

  async #finish(): Promise<void> {
    this.#closing.abort();
    await this.#again;
    await this.#renewing;
    const ended = Promise.allSettled(this.#servers.map((server) => server.shutdown()));
    await Promise.race([ended, this.#late.promise]);
    await this.#servers.at(-1)?.removeFile();
  }

  async #listenAgain(): Promise<void> {
    const { signal } = this.#closing;
    const { clock } = this.#options;
    if (clock.elapsed() - this.#refused > QUIET) this.#pause = 0;
    while (!signal.aborted) {
      if (this.#pause > 0) await clock.delay(this.#pause, signal);
      this.#refused = clock.elapsed();
      this.#pause = Math.min(Math.max(this.#pause * 2, FIRST_PAUSE), LAST_PAUSE);
      if (signal.aborted) return;
      try {
        return await this.open(true);
      } catch {
        // Another one took the descriptor: there will be one again.
      }
    }
  }
}

/**
 * Makes sure that nobody listens on a TCP address yet: of those who share one, each would get a part
 * of the requests, whatever program they belong to.
 *
 * @returns the address, with the number of a free port in place of 0
 * @throws Error with the address and the reason when it cannot be used
 */
export function reserve(address: ListenAddress): ListenAddress {
  if (address.transport === "unix") return address;
  const { hostname, port } = address;
  try {
    using listener = Deno.listen({ hostname, port });
    return { ...address, port: listener.addr.port };
  } catch (error) {
    throw listenFailure(error, address);
  }
}
