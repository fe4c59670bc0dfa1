import { LRUCache } from "lru-cache";
import type { Clock } from "../../clock/clock.ts";
import type { IndexedFile } from "../../catalog/file.ts";
import type { FileCache } from "./file_cache.ts";
import { StoreUnavailableError } from "../store.ts";
import type { MaybePromise } from "../store_reader.ts";

/** What reaches every other thread: a `BroadcastChannel`, as far as it is used. */
export interface SiblingChannel {
  postMessage(message: unknown): void;
  onmessage: ((event: { readonly data: unknown }) => void) | null;
  close(): void;
}

/** What {@linkcode SiblingFiles} works with. */
export interface SiblingFilesOptions {
  /** What this thread remembers. */
  readonly cache: Pick<FileCache, "peek" | "recall" | "load" | "drop" | "clear">;
  /** The way to the other threads, closed with this. */
  readonly channel: SiblingChannel;
  readonly clock: Pick<Clock, "after">;
  /** Milliseconds that the others have to answer; default 500. */
  readonly timeout?: number;
}

/** What threads say to each other. */
type Message =
  | { readonly type: "question"; readonly path: string }
  | { readonly type: "answer"; readonly path: string; readonly file: IndexedFile | null };

/** Most files that are borrowed. */
const MOST = 50_000;

/** Most questions that wait for an answer: others may be busy, and whatever they were asked waits for them. */
const MOST_QUESTIONS = 1_000;

/**
 * The cache of a thread, with those of the other threads behind it: while the store cannot be reached,
 * what any thread remembers is good for all. What is borrowed is used only as long as the store is
 * away, and forgotten with the first change.
 */
export class SiblingFiles implements Disposable {
  readonly #options: SiblingFilesOptions;
  readonly #borrowed = new LRUCache<string, IndexedFile | "none">({ max: MOST });
  /** Path → what ends the waiting for an answer. */
  readonly #questions = new Map<string, (file: IndexedFile | null) => void>();
  readonly #waiting = new Map<string, Promise<IndexedFile | null | undefined>>();

  /** Listens to the other threads until it is disposed of. */
  constructor(options: SiblingFilesOptions) {
    this.#options = options;
    options.channel.onmessage = ({ data }) => this.#receive(data as Message);
  }

  /** See {@linkcode FileCache.peek}. */
  peek(path: string): IndexedFile | null | undefined {
    return this.#options.cache.peek(path);
  }

  /** See {@linkcode FileCache.load}; where the store cannot be reached, the other threads are asked. */
  load(path: string): MaybePromise<IndexedFile | null> {
    const answer = this.#options.cache.load(path);
    if (!(answer instanceof Promise)) return answer;
    return answer.catch((error) => {
      if (!(error instanceof StoreUnavailableError)) throw error;
      const borrowed = this.#borrowed.get(path);
      if (borrowed !== undefined) return borrowed === "none" ? null : borrowed;
      return this.#ask(path).then((file) => {
        if (file === undefined) throw error;
        return file;
      });
    });
  }

  /** See {@linkcode FileCache.drop}. */
  drop(paths: Iterable<string>): void {
    this.#borrowed.clear();
    this.#options.cache.drop(paths);
  }

  /** See {@linkcode FileCache.clear}. */
  clear(): void {
    this.#borrowed.clear();
    this.#options.cache.clear();
  }

  [Symbol.dispose](): void {
    this.#options.channel.onmessage = null;
    this.#options.channel.close();
  }

  /** @returns `undefined` when nobody knows in time */
  #ask(path: string): Promise<IndexedFile | null | undefined> {
    const waiting = this.#waiting.get(path);
    if (waiting) return waiting;
    if (this.#waiting.size >= MOST_QUESTIONS) return Promise.resolve(undefined);
    const asking = new Promise<IndexedFile | null | undefined>((resolve) => {
      const { clock, timeout = 500 } = this.#options;
      const timer = clock.after(timeout, () => resolve(undefined));
      this.#questions.set(path, (file) => {
        timer[Symbol.dispose]();
        this.#borrowed.set(path, file ?? "none");
        resolve(file);
      });
      this.#say({ type: "question", path });
    }).finally(() => {
      this.#questions.delete(path);
      this.#waiting.delete(path);
    });
    this.#waiting.set(path, asking);
    return asking;
  }

  #receive(message: Message): void {
    const { path } = message;
    if (message.type === "answer") return this.#questions.get(path)?.(message.file);
    const known = this.#options.cache.recall(path);
    if (known === undefined) return;
    // Its copies do not travel by themselves.
    const file = known && { file: known.file, copies: known.copies };
    this.#say({ type: "answer", path, file });
  }

  #say(message: Message): void {
    this.#options.channel.postMessage(message);
  }
}
