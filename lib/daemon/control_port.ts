import type { Config } from "../config/config.ts";
import type { ControlApp } from "../control/server.ts";
import { type HttpListener, listen, reserve } from "../http/threads/listener.ts";
import { systemClock } from "./system_clock.ts";

/** Milliseconds that running requests have to finish elsewhere: one may wait for an upgrade. */
const LEAVE_TIME = 60_000;

/** Milliseconds that they have when the program stops, before those for files have their time. */
const STOP_TIME = 1_500;

/** A move that is not decided yet. */
export interface PortMove extends Disposable {
  /** The new port is the one that stays. */
  keep(): void;
}

/**
 * Where the control API is reached. What answers there may change, and requests that come in between
 * wait.
 */
export class ControlPort implements AsyncDisposable {
  #app: Promise<Pick<ControlApp, "fetch">>;
  #ready: (app: Pick<ControlApp, "fetch">) => void;
  readonly #shared: boolean;
  #listener: HttpListener | null = null;
  #portNumber = 0;
  /** Ports that are closed and have requests to finish. */
  readonly #closing = new Set<HttpListener>();

  readonly #refused: (reason: string) => void;

  /**
   * @param shared whether the process that takes over in an upgrade can listen at the same time
   * @param refused told the reason when a connection could not be accepted
   */
  constructor(shared: boolean, refused: (reason: string) => void) {
    this.#shared = shared;
    this.#refused = refused;
    const { promise, resolve } = Promise.withResolvers<Pick<ControlApp, "fetch">>();
    this.#app = promise;
    this.#ready = resolve;
  }

  /**
   * Opens the port.
   *
   * @param takeOver whether a process that will go away listens there; default: nobody may
   * @throws Error when it cannot be used
   */
  async listen(address: Config["rpcListenAddress"], takeOver: boolean = false): Promise<void> {
    const place = { transport: "tcp", ...address } as const;
    this.#listener = await listen(
      this.#shared && !takeOver ? reserve(place) : place,
      async (request, info) => (await this.#app).fetch(request, info),
      { clock: systemClock, shared: this.#shared, refused: this.#refused },
    );
    this.#portNumber = address.port;
  }

  /**
   * Opens another port, while the present one stays open.
   *
   * @returns what closes one of them: the present one where the move is kept, else the new one
   * @throws Error when it cannot be used
   */
  async move(address: Config["rpcListenAddress"]): Promise<PortMove> {
    const present = this.#listener;
    // On another address of the host, the same port is in part this one.
    await this.listen(address, address.port === this.#portNumber);
    let surplus = this.#listener;
    return {
      keep: () => void (surplus = present),
      [Symbol.dispose]: () => {
        if (surplus !== present) this.#listener = present;
        this.#end(surplus);
      },
    };
  }

  /** See {@linkcode HttpListener.renew}. */
  async renew(time: number): Promise<void> {
    await this.#listener?.renew({ time });
  }

  /** Closes the port; running requests finish in the background. */
  close(): void {
    const listener = this.#listener;
    this.#listener = null;
    this.#end(listener);
  }

  #end(listener: HttpListener | null): void {
    if (listener === null) return;
    this.#closing.add(listener);
    void listener.close(LEAVE_TIME).finally(() => this.#closing.delete(listener));
  }

  /** Lets requests be answered, from now on and those that wait. */
  answer(app: Pick<ControlApp, "fetch">): void {
    this.#ready(app);
    this.#app = Promise.resolve(app);
  }

  /** Closes the port and lets running requests finish, but not for long. */
  async [Symbol.asyncDispose](): Promise<void> {
    // Nobody will answer those that wait.
    this.#ready({ fetch: () => Promise.resolve(new Response(null, { status: 503 })) });
    this.close();
    await Promise.all([...this.#closing].map((listener) => listener.close(STOP_TIME)));
  }
}
