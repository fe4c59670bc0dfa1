import type { Clock, Timer } from "../../clock/clock.ts";
import type { ListenAddress } from "../../config/config.ts";
import type { Handler } from "../answer/handler.ts";
import { lastOfConnection } from "./last_of_connection.ts";
import { type HttpListener, listen, type ListenerOptions, type RenewOptions } from "./listener.ts";

/** Milliseconds between two looks at whether anybody asks. */
const LOOK = 500;

/** So many looks in a row must find that nobody asked: closing a port then, nobody notices. */
const QUIET_LOOKS = 4;

/** How a {@linkcode ServedPort} is left. */
export interface LeaveOptions {
  /** Milliseconds to wait for quiet; `null`: for as long as it takes. */
  readonly most: number | null;
}

/**
 * An open port with what answers there. Before it is closed it can be left: it goes on to answer, asks
 * clients to come back on a new connection, and tells when nobody asks any more. Closing a port
 * resets connections that the system has accepted and this program has not yet.
 */
export class ServedPort implements AsyncDisposable {
  #listener!: HttpListener;
  #asked = 0;
  readonly #clock: Pick<Clock, "every">;
  #looking: Timer | null = null;
  #quiet: PromiseWithResolvers<void> | null = null;

  private constructor(clock: Pick<Clock, "every">) {
    this.#clock = clock;
  }

  /**
   * Opens a port.
   *
   * @throws Error with the address and the reason when it cannot be used
   */
  static async open(
    address: ListenAddress,
    handler: Handler,
    options: ListenerOptions & { readonly clock: Pick<Clock, "every"> },
  ): Promise<ServedPort> {
    const port = new ServedPort(options.clock);
    port.#listener = await listen(address, (request, info) => {
      port.#asked++;
      const response = handler(request, info);
      return port.#quiet === null
        ? response
        : response instanceof Promise
        ? response.then(lastOfConnection)
        : lastOfConnection(response);
    }, options);
    return port;
  }

  /** Where it is, for people. */
  get address(): string {
    return this.#listener.address;
  }

  /**
   * Ends each connection with its next answer from now on.
   *
   * @returns when nobody asks any more, or the time is over
   */
  leave({ most }: LeaveOptions): Promise<void> {
    this.#quiet ??= Promise.withResolvers();
    this.#looking?.[Symbol.dispose]();
    let [before, quiet, left] = [this.#asked, 0, most ?? Infinity];
    this.#looking = this.#clock.every(LOOK, () => {
      quiet = this.#asked === before ? quiet + 1 : 0;
      before = this.#asked;
      left -= LOOK;
      if (quiet < QUIET_LOOKS && left > 0) return;
      this.#looking?.[Symbol.dispose]();
      this.#quiet?.resolve();
    });
    return this.#quiet.promise;
  }

  /** Serves on as before it was left. */
  stay(): void {
    this.#looking?.[Symbol.dispose]();
    this.#quiet?.resolve();
    this.#quiet = null;
  }

  /** See {@linkcode HttpListener.renew}. */
  async renew(options: RenewOptions): Promise<void> {
    await this.#listener.renew(options);
  }

  /** Closes the port and lets running requests finish. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#looking?.[Symbol.dispose]();
    this.#quiet?.resolve();
    await this.#listener[Symbol.asyncDispose]();
  }
}
