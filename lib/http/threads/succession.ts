import type { SharedAddress, Steering } from "./steering.ts";

/** How many sockets share an address: those that will be closed, and after them those that take over. */
export interface SocketCounts {
  readonly old: number;
  /** No fewer than the old ones: see {@linkcode Succession.settle}. */
  readonly next: number;
}

/**
 * The time in which sockets take an address over from others. First new connections go to the new
 * sockets only; when those who have the old ones were told by nobody for a while, they may close them.
 */
export class Succession {
  readonly #steering: Steering;
  readonly #address: SharedAddress;
  readonly #first: number;
  /** Whether the old sockets get no new connections; otherwise some may be lost when they are closed. */
  readonly steered: boolean;

  private constructor(steering: Steering, address: SharedAddress, first: number, steered: boolean) {
    this.#steering = steering;
    this.#address = address;
    this.#first = first;
    this.steered = steered;
  }

  /** Sends new connections to the new sockets, which all listen. */
  static async begin(
    steering: Steering,
    address: SharedAddress,
    { old, next }: SocketCounts,
  ): Promise<Succession> {
    const steered = await steering.steer(address, { first: old, count: next });
    return new Succession(steering, address, old, steered);
  }

  /**
   * Prepares for the old sockets to be closed; to be called before that. The system moves the last
   * socket into the place of one that is closed, so the new ones change their numbers. One place is a
   * new one's as long as an old one is left, given that there are no fewer new ones: the first.
   */
  async settle(): Promise<void> {
    if (this.steered) await this.#steering.steer(this.#address, { first: this.#first, count: 1 });
  }

  /** Deals connections out among all again; to be called when the old sockets are closed. */
  async end(): Promise<void> {
    if (this.steered) await this.#steering.release(this.#address);
  }
}
