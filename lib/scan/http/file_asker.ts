import { messageOf } from "../../log/message_of.ts";
import type { HttpListerOptions, ScanClient } from "./http_lister.ts";
import type { HttpProber, ProbeResult } from "./http_probe.ts";
import { EndsEarlyError } from "./http_requests.ts";
import { openProber } from "./open_prober.ts";

/** What a {@linkcode FileAsker} takes. */
export interface FileAskerOptions
  extends Pick<HttpListerOptions, "clock" | "openClient" | "random" | "redirects" | "resolve"> {
  /** Base URL of the mirror, with or without a scheme. */
  readonly url: string;
  /** Requests a second. Default: 10. */
  readonly rate?: number;
  /** Ends everything. */
  readonly signal: AbortSignal;
}

/** Requests a second where nothing else is said. */
const RATE = 10;

/** Milliseconds after which it is found out anew how to ask. */
const RENEW = 60 * 60_000;

/** Milliseconds for which a mirror is left alone that asks for it, or does not answer any more. */
const REST = 10 * 60_000;

/** The ways to ask a mirror, for as long as they hold. */
interface Opened extends Disposable {
  readonly prober: HttpProber;
  readonly until: number;
}

/**
 * Asks one mirror for single files, outside of scans: one after the other, and no more than so many a
 * second. A mirror that fails again and again is left alone for ten minutes.
 */
export class FileAsker implements Disposable {
  readonly #options: FileAskerOptions;
  #opened: Opened | null = null;
  #restUntil = -Infinity;
  #last: Promise<unknown> = Promise.resolve();

  constructor(options: FileAskerOptions) {
    this.#options = options;
  }

  /**
   * Asks for a file, once all that was asked before is answered.
   *
   * @param path with a leading slash
   * @returns what the mirror says; `undecided` also where it cannot be asked
   * @throws the signal's reason when it was aborted
   */
  ask(path: string): Promise<ProbeResult> {
    const answer = this.#last.then(() => this.#ask(path));
    this.#last = answer.catch(() => {});
    return answer;
  }

  /** Closes its connections. */
  [Symbol.dispose](): void {
    this.#opened?.[Symbol.dispose]();
    this.#opened = null;
  }

  async #ask(path: string): Promise<ProbeResult> {
    const { clock, signal } = this.#options;
    signal.throwIfAborted();
    if (clock.elapsed() < this.#restUntil) {
      return { type: "undecided", reason: "It is left alone, since it did not answer" };
    }
    try {
      if (this.#opened !== null && clock.elapsed() >= this.#opened.until) this[Symbol.dispose]();
      this.#opened ??= await this.#open();
      return await this.#opened.prober.probe(path);
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof EndsEarlyError) this.#restUntil = clock.elapsed() + REST;
      this[Symbol.dispose]();
      return { type: "undecided", reason: messageOf(error) };
    }
  }

  async #open(): Promise<Opened> {
    const { openClient, clock, rate = RATE, url } = this.#options;
    const client: ScanClient = openClient(1);
    try {
      return {
        prober: await openProber(url, { ...this.#options, rate, fetch: client.fetch }),
        until: clock.elapsed() + RENEW,
        [Symbol.dispose]: () => client[Symbol.dispose](),
      };
    } catch (error) {
      client[Symbol.dispose]();
      throw error;
    }
  }
}
