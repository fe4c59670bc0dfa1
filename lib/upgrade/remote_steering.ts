import type { SharedAddress, SocketRange, Steering } from "../http/threads/steering.ts";
import type { Log } from "../log/log.ts";

/** What a thread asks of the one that steers for it. */
export type SteeringCall =
  | {
    readonly type: "steer";
    readonly call: number;
    readonly address: SharedAddress;
    readonly to: SocketRange;
  }
  | { readonly type: "release"; readonly call: number; readonly address: SharedAddress };

/** What that one says. */
export type SteeringReply =
  | { readonly type: "done"; readonly call: number; readonly steered: boolean }
  | { readonly type: "log"; readonly level: "warn" | "debug"; readonly message: string };

/** Has another thread steer, which may do more than this one. */
export class RemoteSteering implements Steering, Disposable {
  readonly #send: (call: SteeringCall) => void;
  readonly #log: Pick<Log, "warn" | "debug">;
  readonly #calls = new Map<number, (steered: boolean) => void>();
  #number = 0;

  /** @param send tells that thread */
  constructor(send: (call: SteeringCall) => void, log: Pick<Log, "warn" | "debug">) {
    this.#send = send;
    this.#log = log;
  }

  /** Takes in what that thread says. */
  take(reply: SteeringReply): void {
    if (reply.type === "log") return this.#log[reply.level](reply.message);
    this.#calls.get(reply.call)?.(reply.steered);
    this.#calls.delete(reply.call);
  }

  /** See {@linkcode Steering.steer}. */
  steer(address: SharedAddress, to: SocketRange): Promise<boolean> {
    return this.#ask((call) => ({ type: "steer", call, address, to }));
  }

  /** See {@linkcode Steering.release}. */
  async release(address: SharedAddress): Promise<void> {
    await this.#ask((call) => ({ type: "release", call, address }));
  }

  /** The other thread ends by itself. */
  [Symbol.dispose](): void {}

  #ask(make: (call: number) => SteeringCall): Promise<boolean> {
    const { promise, resolve } = Promise.withResolvers<boolean>();
    const call = this.#number++;
    this.#calls.set(call, resolve);
    this.#send(make(call));
    return promise;
  }
}

/**
 * Steers for another thread.
 *
 * @param send tells that thread
 * @returns takes in what that thread asks
 */
export function steerFor(
  steering: Steering,
  send: (reply: SteeringReply) => void,
): (call: SteeringCall) => Promise<void> {
  return async (asked) => {
    const { type, call, address } = asked;
    let steered = true;
    if (type === "steer") steered = await steering.steer(address, asked.to);
    else await steering.release(address);
    send({ type: "done", call, steered });
  };
}
