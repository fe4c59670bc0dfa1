import type { Clock } from "../clock/clock.ts";
import type { Log } from "../log/log.ts";
import { messageOf } from "../log/message_of.ts";
import { ProblemLog } from "../monitor/problem_log.ts";
import { MOST_MESSAGES, type StoredMessage } from "../store/message_store.ts";
import type { Store } from "../store/store.ts";
import { aboutOf, parseContent } from "./content.ts";
import { type NamedReceiver, receiverText } from "./receivers.ts";
import type { Sender } from "./sender.ts";

/** Milliseconds for which a message is tried. */
const PATIENCE = 3_600_000;

/** Milliseconds for which a message waits for a summary, or for a receiver that is gone. */
const LONGEST_HELD = 2 * 86_400_000;

/** Milliseconds before the second try; each later one waits twice as long, up to the longest. */
const FIRST_PAUSE = 10_000;
const LONGEST_PAUSE = 600_000;

/** Tries of a message at most: more than fit in its time, unless the clock was set back. */
const MOST_TRIES = 20;

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
 * holds up no other. What is about the same thing arrives in its order.
 */
export class Outbox implements AsyncDisposable {
  readonly #options: OutboxOptions;
  readonly #stop = new AbortController();
  readonly #sending = new Map<string, Promise<void>>();
  #waiting: readonly StoredMessage[] = [];
  #read = -Infinity;
  /** Messages that another node is sending, and until when they are left to it. */
  readonly #others = new Map<string, number>();
  /** What the store does not have yet, as it took no change: how a message waits; `null`: no more. */
  readonly #unsaved = new Map<string, StoredMessage | null>();
  /** What messages are about, in the form in which they are remembered. */
  readonly #about = new WeakMap<StoredMessage, string>();
  readonly #problems: ProblemLog;

  constructor(options: OutboxOptions) {
    this.#options = options;
    this.#problems = new ProblemLog(options.log);
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
    const { clock } = this.#options;
    const now = clock.now();
    if (now - this.#read >= READ_INTERVAL || now < this.#read) await this.#readAgain(now);
    const byName = new Map(receivers.map((named) => [named.name, named]));
    const old = this.#waiting.filter((message) => isForgotten(message, byName, now));
    if (old.length > 0) {
      await this.#remove(old);
      this.#options.log.warn(`Messages: dropped ${old.length} to receivers that are gone`);
    }
    /** What something is to be sent about before. */
    const earlier = new Set<string>();
    for (const message of this.#waiting) {
      const named = byName.get(message.receiver);
      if (named === undefined || message.due === null) continue;
      if (this.#sending.has(named.name)) continue;
      const about = this.#aboutOf(message);
      // One that is due far in the future is from a clock that was set back.
      const pauses = message.due > now && message.due - now <= LONGEST_PAUSE;
      const ready = !pauses && isOurs(message.node) && !this.#others.has(message.id);
      if (!ready || earlier.has(about)) {
        if (about !== "") earlier.add(about);
        continue;
      }
      const task = this.#send(named, message).catch((error) => {
        this.#options.log.debug(`Messages: ${messageOf(error)}`);
        this.invalidate();
      }).finally(() => this.#sending.delete(named.name));
      this.#sending.set(named.name, task);
    }
  }

  /**
   * Tells how many messages there is room for: of all that may wait, a share for each receiver, so that
   * one that does not answer leaves room for the others.
   *
   * @param node who writes them
   * @param shares how many share what there is
   */
  async room(receiver: string, node: string, shares: number): Promise<number> {
    if (this.#read === -Infinity) await this.#readAgain(this.#options.clock.now());
    const waiting = this.#waiting.filter((one) => one.receiver === receiver && one.node === node);
    return Math.floor(MOST_MESSAGES / shares) - waiting.length;
  }

  /** Waits until nothing is being sent. */
  async idle(): Promise<void> {
    await Promise.all(this.#sending.values());
  }

  /** Lets what is being sent end, for a while. */
  async [Symbol.asyncDispose](): Promise<void> {
    using _timer = this.#options.clock.after(GRACE, () => this.#stop.abort());
    await this.idle();
    await this.#save();
  }

  /** Asks the store what waits, and has it know what it does not know yet. */
  async #readAgain(now: number): Promise<void> {
    const waiting = await this.#options.store.messages.waiting();
    this.#read = now;
    this.#others.clear();
    const ids = new Set(waiting.map(({ id }) => id));
    for (const id of this.#unsaved.keys()) {
      // Somebody else has sent it.
      if (!ids.has(id)) this.#unsaved.delete(id);
    }
    this.#waiting = waiting.flatMap((message) => {
      const unsaved = this.#unsaved.get(message.id);
      return unsaved === undefined ? message : unsaved ?? [];
    });
    await this.#save();
  }

  #aboutOf(message: StoredMessage): string {
    let about = this.#about.get(message);
    if (about === undefined) {
      const content = parseContent(message.content);
      const one = content?.type === "notice" ? aboutOf(content.notice, "") : content?.about ?? "";
      this.#about.set(message, about = one === "" ? "" : `${message.receiver} ${one}`);
    }
    return about;
  }

  async #send(named: NamedReceiver, { id }: StoredMessage): Promise<void> {
    const { store, sender, clock, log } = this.#options;
    await using lock = await store.lock({ messageId: id });
    // Another node may have sent it since it was read.
    const stored = lock === null ? null : await store.messages.message(id);
    const message = stored && (this.#unsaved.get(id) ?? stored);
    if (lock === null || message === null || this.#unsaved.get(id) === null) {
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
    const { clock, log } = this.#options;
    const now = clock.now();
    const attempts = message.attempts + 1;
    if (now - message.time >= PATIENCE || attempts >= MOST_TRIES) {
      log.error(`Message ${message.id} to ${whom} was dropped after an hour: ${reason}`);
      return await this.#remove([message]);
    }
    const words = `Cannot send message ${message.id} to ${whom}: ${reason}`;
    if (attempts === 1) log.warn(`${words}; it is tried again for an hour`);
    else log.debug(words);
    const due = now + Math.min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** Math.min(20, attempts - 1));
    const next = { ...message, attempts, due };
    await this.#change([[message.id, next]]);
  }

  async #remove(messages: readonly StoredMessage[]): Promise<void> {
    await this.#change(messages.map(({ id }) => [id, null]));
  }

  /** What is remembered goes first: a store that takes no change must not have a message sent again. */
  async #change(
    changes: readonly (readonly [id: string, next: StoredMessage | null])[],
  ): Promise<void> {
    const known = new Map(changes);
    for (const [id, next] of known) this.#unsaved.set(id, next);
    this.#waiting = this.#waiting.flatMap((one) => {
      const next = known.get(one.id);
      return next === undefined ? one : next ?? [];
    });
    await this.#save();
  }

  async #save(): Promise<void> {
    if (this.#unsaved.size === 0) return;
    const changes = [...this.#unsaved];
    try {
      await this.#options.store.messages.change({
        remove: changes.filter(([, next]) => next === null).map(([id]) => id),
        put: changes.flatMap(([, next]) => next ?? []),
      });
    } catch (error) {
      this.#problems.add("save", "Cannot note which messages were sent", error);
      return;
    }
    this.#problems.solved("save");
    for (const [id, next] of changes) {
      if (this.#unsaved.get(id) === next) this.#unsaved.delete(id);
    }
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
