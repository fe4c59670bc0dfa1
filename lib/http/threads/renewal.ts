import type { ListenAddress } from "../../config/config.ts";
import type { Steering } from "./steering.ts";
import type { HttpThreadHandle } from "./thread_handle.ts";

/** Turns until every thread has let go of its connections. */
const TURNS = 5;

/** Whose turn it is to let go of connections, and where new ones go meanwhile. */
export class Renewal {
  readonly #steering: Steering | null;
  /** Threads that let go of their connections, counted; the next one has its turn. */
  #turns = 0;
  /** Whether new connections are kept from a socket that is closed in a turn. */
  #steers = true;

  /** @param steering `null`: which threads get new connections cannot be decided here */
  constructor(steering: Steering | null) {
    this.#steering = steering;
  }

  /**
   * Has the threads whose turn it is, a fifth of all, let go of their connections: those that are used
   * end with their next answer, and come again; idle, half-sent and stalled ones are cut.
   *
   * @param all at least one
   * @param address where they listen; `null`: not all of them do
   * @param sockets how many listen there, those of threads that leave included
   * @param time milliseconds that connections have to end by themselves
   */
  async take(
    all: readonly Pick<HttpThreadHandle<unknown>, "renew">[],
    address: ListenAddress | null,
    sockets: number,
    time: number,
  ): Promise<void> {
    const threads = Array.from(
      { length: Math.ceil(all.length / TURNS) },
      () => all[this.#turns++ % all.length]!,
    );
    const begun = threads.map(() => Promise.withResolvers<boolean>());
    const renewed = threads.map(async (thread, index) => {
      await thread.renew(time, begun[index]!.resolve);
      // One that died meanwhile told nothing.
      begun[index]!.resolve(false);
    });
    const steering = this.#steering;
    const anew = await Promise.all(begun.map(({ promise }) => promise));
    // The new sockets were the last to begin to listen.
    if (steering && this.#steers && address?.transport === "tcp" && anew.every(Boolean)) {
      this.#steers = await steering.steer(address, { first: sockets, count: threads.length });
      await Promise.all(renewed);
      if (this.#steers) await steering.release(address);
    }
    await Promise.all(renewed);
  }
}
