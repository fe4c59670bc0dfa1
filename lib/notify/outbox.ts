import type { Clock } from "../clock/clock.ts";
import type { Log } from "../log/log.ts";
import { messageOf } from "../log/message_of.ts";
import type { StoredMessage } from "../store/message_store.ts";
import type { Store } from "../store/store.ts";
import { parseContent } from "./content.ts";
import { type NamedReceiver, receiverText } from "./receivers.ts";
import type { Sender } from "./sender.ts";

/** Milliseconds for which a message is tried. */
const PATIENCE = 3_600_000;

/** Milliseconds for which a message waits for a summary, or for a receiver that is gone. */
const LONGEST_HELD = 2 * 86_400_000;

/** Milliseconds before the second try; each later one waits twice as long, up to the longest. */
const FIRST_PAUSE = 10_000;
const LONGEST_PAUSE = 600_000;

/** Milliseconds after which the store is asked anew what waits. */
const READ_INTERVAL = 5_000;

/** Milliseconds that what is being sent has to end when everything ends. */
const GRACE = 5_000;

/** What an {@linkcode Outbox} works with. */
export interface OutboxOptions {
  readonly store: Pick<Store, "lock" | "messages">;
  readonly sender: Pick<Sender, "send">;
  readonly clock: Pick<Clock, "after" | "now">;
  readonly log: Log;
}

/**
 * Sends the messages that wait: to each receiver one after the other, so that one that does not answer
 * holds up no other.
 */
export class Outbox implements AsyncDisposable {
  readonly #options: OutboxOptions;
  readonly #stop = new AbortController();
  readonly #sending = new Map<string, Promise<void>>();
  #waiting: readonly StoredMessage[] = [];
  #read = -Infinity;
  /** Messages that another node is sending, and until when they are left to it. */
  readonly #others = new Map<string, number>();

  constructor(options: OutboxOptions) {
    this.#options = options;
  }

  /** Has the store asked what waits. */
  invalidate(): void {
    this.#read = -Infinity;
  }

  /**
   * Begins to send what is due.
   *
   * @param isOurs whether this node sends the messages of another one
   * @throws StoreUnavailableError
   */
  async deliver(
    receivers: readonly NamedReceiver[],
    isOurs: (node: string) => boolean,
  ): Promise<void> {
    const { clock, store } = this.#options;
    const now = clock.now();
    if (now - this.#read >= READ_INTERVAL || now < this.#read) {
      this.#waiting = await store.messages.waiting();
      this.#read = now;
      this.#others.clear();
    }
    const byName = new Map(receivers.map((named) => [named.name, named]));
    const old = this.#waiting.filter((message) => isForgotten(message, byName, now));
    if (old.length > 0) {
      await this.#remove(old);
      this.#options.log.warn(`Messages: dropped ${old.length} to receivers that are gone`);
    }
    for (const message of this.#waiting) {
      const named = byName.get(message.receiver);
      if (named === undefined || message.due === null || !isOurs(message.node)) continue;
      // One that is due far in the future is from a clock that was set back.
      if (message.due > now && message.due - now <= LONGEST_PAUSE) continue;
      if (this.#sending.has(named.name) || this.#others.has(message.id)) continue;
      const task = this.#send(named, message).catch((error) => {
        this.#options.log.debug(`Messages: ${messageOf(error)}`);
        this.invalidate();
      }).finally(() => this.#sending.delete(named.name));
      this.#sending.set(named.name, task);
    }
  }

  /** Waits until nothing is being sent. */
  async idle(): Promise<void> {
    await Promise.all(this.#sending.values());
  }

  /** Lets what is being sent end, for a while. */
  async [Symbol.asyncDispose](): Promise<void> {
    using _timer = this.#options.clock.after(GRACE, () => this.#stop.abort());
    await this.idle();
  }

  async #send(named: NamedReceiver, { id }: StoredMessage): Promise<void> {
    const { store, sender, clock, log } = this.#options;
    await using lock = await store.lock({ messageId: id });
    // Another node may have sent it since it was read.
    const message = lock === null ? null : await store.messages.message(id);
    if (lock === null || message === null) {
      this.#others.set(id, clock.now());
      return;
    }
    const content = parseContent(message.content);
    if (content === null) return await this.#remove([message]);
    const whom = receiverText(named);
    try {
      const answer = await sender.send(named.receiver, id, content, this.#stop.signal);
      log.debug(`Message ${id} to ${whom}: ${answer}`);
    } catch (error) {
      if (this.#stop.signal.aborted) return;
      return await this.#failed(message, whom, messageOf(error));
    }
    await this.#remove([message]);
  }

  async #failed(message: StoredMessage, whom: string, reason: string): Promise<void> {
    const { store, clock, log } = this.#options;
    const now = clock.now();
    const attempts = message.attempts + 1;
    if (now - message.time >= PATIENCE) {
      log.error(`Message ${message.id} to ${whom} was dropped after an hour: ${reason}`);
      return await this.#remove([message]);
    }
    const words = `Cannot send message ${message.id} to ${whom}: ${reason}`;
    if (attempts === 1) log.warn(`${words}; it is tried again for an hour`);
    else log.debug(words);
    const due = now + Math.min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** Math.min(20, attempts - 1));
    const next = { ...message, attempts, due };
    // What is remembered goes first: the store may be away.
    this.#waiting = this.#waiting.map((one) => one.id === message.id ? next : one);
    await store.messages.change({ put: [next] });
  }

  async #remove(messages: readonly StoredMessage[]): Promise<void> {
    const ids = messages.map(({ id }) => id);
    this.#waiting = this.#waiting.filter(({ id }) => !ids.includes(id));
    await this.#options.store.messages.change({ remove: ids });
  }
}

/** Whether nobody will ever want a message. */
function isForgotten(
  { receiver, due, time }: StoredMessage,
  receivers: ReadonlyMap<string, NamedReceiver>,
  now: number,
): boolean {
  if (receivers.has(receiver)) return due === null && now - time >= LONGEST_HELD;
  return now - time >= PATIENCE;
}
