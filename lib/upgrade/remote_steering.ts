import type { Cutter, SharedAddress, SocketRange, Steering } from "../http/threads/steering.ts";
import type { DescriptorCount, DescriptorCounter } from "./descriptors.ts";
import type { Log } from "../log/log.ts";

/** What a thread asks of the one that steers for it. */
export type SteeringCall =
  | {
    readonly type: "steer";
    readonly call: number;
    readonly address: SharedAddress;
    readonly to: SocketRange;
  }
  | { readonly type: "release"; readonly call: number; readonly address: SharedAddress }
  | { readonly type: "cut"; readonly call: number; readonly peer: SharedAddress }
  | { readonly type: "descriptors"; readonly call: number };

/** What that one says. */
export type SteeringReply =
  | { readonly type: "done"; readonly call: number; readonly steered: boolean }
  | {
    readonly type: "descriptors";
    readonly call: number;
    readonly descriptors: DescriptorCount | null;
  }
  | { readonly type: "log"; readonly level: "warn" | "debug"; readonly message: string };

/** What it says to a call. */
type SteeringAnswer = Exclude<SteeringReply, { readonly type: "log" }>;

/** Has another thread steer, which may do more than this one. */
export class RemoteSteering implements Steering, Cutter, DescriptorCounter, Disposable {
  readonly #send: (call: SteeringCall) => void;
  readonly #log: Pick<Log, "warn" | "debug">;
  readonly #calls = new Map<number, (reply: SteeringAnswer) => void>();
  #number = 0;

  /** @param send tells that thread */
  constructor(send: (call: SteeringCall) => void, log: Pick<Log, "warn" | "debug">) {
    this.#send = send;
    this.#log = log;
  }

  /** Takes in what that thread says. */
  take(reply: SteeringReply): void {
    if (reply.type === "log") return this.#log[reply.level](reply.message);
    this.#calls.get(reply.call)?.(reply);
    this.#calls.delete(reply.call);
  }

  /** See {@linkcode Steering.steer}. */
  async steer(address: SharedAddress, to: SocketRange): Promise<boolean> {
    const answer = await this.#ask((call) => ({ type: "steer", call, address, to }));
    return answer.type === "done" && answer.steered;
  }

  /** See {@linkcode Steering.release}. */
  async release(address: SharedAddress): Promise<void> {
    await this.#ask((call) => ({ type: "release", call, address }));
  }

  /** See {@linkcode Cutter.cut}. */
  async cut(peer: SharedAddress): Promise<boolean> {
    const answer = await this.#ask((call) => ({ type: "cut", call, peer }));
    return answer.type === "done" && answer.steered;
  }

  /** See {@linkcode DescriptorCounter.descriptors}. */
  async descriptors(): Promise<DescriptorCount | null> {
    const answer = await this.#ask((call) => ({ type: "descriptors", call }));
    return answer.type === "descriptors" ? answer.descriptors : null;
  }

  /** The other thread ends by itself. */
  [Symbol.dispose](): void {}

  #ask(make: (call: number) => SteeringCall): Promise<SteeringAnswer> {
    const { promise, resolve } = Promise.withResolvers<SteeringAnswer>();
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
  steering: Steering & Cutter & DescriptorCounter,
  send: (reply: SteeringReply) => void,
): (call: SteeringCall) => Promise<void> {
  return async (asked) => {
    const { call } = asked;
    if (asked.type === "descriptors") {
      const descriptors = await steering.descriptors();
      return send({ type: "descriptors", call, descriptors });
    }
    let steered = true;
    if (asked.type === "cut") steered = await steering.cut(asked.peer);
    else if (asked.type === "steer") steered = await steering.steer(asked.address, asked.to);
    else await steering.release(asked.address);
    send({ type: "done", call, steered });
  };
}
