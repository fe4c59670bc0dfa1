import type { Log } from "../../log/log.ts";
import type { Succession } from "./succession.ts";
import type { HttpThreadHandle } from "./thread_handle.ts";

/**
 * Milliseconds that threads which get no new connections wait for quiet, at most: a client that keeps
 * its connection through all its answers asks for trouble.
 */
export const LEAVE_TIME = 10_000;

/** Threads that are not wanted any more; they may still have to answer. */
export class LeavingThreads<Databases> {
  readonly #threads = new Set<HttpThreadHandle<Databases>>();
  readonly #log: Pick<Log, "debug">;
  /** Ends when threads that were replaced are gone: their sockets have numbers until then. */
  #replacing: Promise<void> = Promise.resolve();

  constructor(log: Pick<Log, "debug">) {
    this.#log = log;
  }

  /** Those that are still there. */
  get all(): Iterable<HttpThreadHandle<Databases>> {
    return this.#threads;
  }

  /** Resolves when the sockets of those that were replaced are in nobody's way. */
  async settled(): Promise<void> {
    await this.#replacing;
  }

  /**
   * Lets threads go as soon as nobody notices.
   *
   * @param succession of those that stay; `null`: there is none
   * @param unnoticed whether new connections come to others already
   */
  retire(
    threads: readonly HttpThreadHandle<Databases>[],
    succession: Succession | null,
    unnoticed: boolean,
  ): void {
    this.#replacing = this.#retire(threads, succession, unnoticed);
  }

  async #retire(
    threads: readonly HttpThreadHandle<Databases>[],
    succession: Succession | null,
    unnoticed: boolean,
  ): Promise<void> {
    const gone = threads.map(async (thread) => {
      this.#threads.add(thread);
      await thread.leave(unnoticed ? LEAVE_TIME : null);
      if (!unnoticed) await this.#end(thread);
    });
    // New connections still come to them: they may be there for as long as somebody asks.
    if (!unnoticed) return;
    await Promise.all(gone);
    await succession?.settle();
    await Promise.all(threads.map((thread) => this.#end(thread)));
    await succession?.end();
  }

  async #end(thread: HttpThreadHandle<Databases>): Promise<void> {
    await thread.stop();
    this.#threads.delete(thread);
    this.#log.debug("An HTTP thread that was not wanted any more has ended");
  }
}
