import { mayStartReading, READING_ONLY, THREAD_MODULES } from "../worker/reading_thread.ts";
import type { WorkerScope } from "../worker/worker_scope.ts";
import { setPriority } from "node:os";
import type { ListedFile } from "../catalog/file.ts";
import { messageOf } from "../log/message_of.ts";
import { FileHasher, type HashedContents } from "./file_hasher.ts";
import type { HashWishes } from "./hash_wishes.ts";

/** What became of a file: it was hashed; it is gone; it cannot be read, with what is wrong. */
export type HashedFile = HashedContents | "gone" | { readonly message: string };

/** What the thread is told: what to do with files, to begin with; then files. */
type Order =
  | { readonly repository: string; readonly wanted: HashWishes }
  | { readonly files: readonly ListedFile[] };

/** What the thread says: it can be told; it has read a part of a large file; it is done with an order. */
type Answer =
  | "open"
  | { readonly file: ListedFile; readonly read: number }
  | { readonly hashed: readonly HashedFile[] };

/** Whether the thread can be started for a repository: no more can be allowed to it than is allowed here. */
export function mayHash(repository: string): boolean {
  return mayStartReading(repository);
}

/** How far the thread steps back, as `nice` has it: where all cores are busy, it gets a tenth of one. */
const NICE = 10;

/** @returns what the thread needs to let others go first, if that is allowed here */
function steppingBack(): ["setPriority"] | false {
  const { state } = Deno.permissions.querySync({ name: "sys", kind: "setPriority" });
  return state === "granted" && ["setPriority"];
}

/** Hashes files on a thread of its own, so that nobody waits for it. */
export class HashThread implements Disposable {
  readonly #worker: Worker;
  /** Who waits for an answer, in the order of what was asked. */
  readonly #waiting: PromiseWithResolvers<readonly HashedFile[]>[] = [];
  /** Fulfilled once it can be told something. */
  readonly #opened = Promise.withResolvers<void>();
  /** Why it cannot go on. */
  #end: Error | null = null;

  /**
   * @param repository where the files are
   * @param wanted which hashes to compute; the others stay empty
   * @param onRead told of each part of a large file that was read, in bytes
   */
  constructor(
    repository: string,
    wanted: HashWishes,
    onRead: (file: ListedFile, bytes: number) => void,
  ) {
    this.#opened.promise.catch(() => {});
    this.#worker = new Worker(new URL("./hash_thread.ts", import.meta.url), {
      type: "module",
      name: "hasher",
      deno: {
        permissions: {
          ...READING_ONLY,
          read: [repository, ...THREAD_MODULES],
          sys: steppingBack(),
        },
      },
    });
    this.#worker.onmessage = ({ data }: MessageEvent<Answer>) => {
      if (data === "open") {
        this.#tell({ repository, wanted });
        this.#opened.resolve();
      } else if ("hashed" in data) this.#waiting.shift()?.resolve(data.hashed);
      else onRead(data.file, data.read);
    };
    this.#worker.onerror = (event) => {
      // Otherwise it would end the whole program.
      event.preventDefault();
      this.#fail(new Error(`The thread that hashes has failed: ${event.message}`));
    };
  }

  /**
   * Hashes files. Several orders may wait.
   *
   * @returns what became of each, in the same order
   * @throws Error when the thread cannot go on
   */
  async hash(files: readonly ListedFile[]): Promise<readonly HashedFile[]> {
    await this.#opened.promise;
    if (this.#end !== null) throw this.#end;
    const waiting = Promise.withResolvers<readonly HashedFile[]>();
    this.#waiting.push(waiting);
    this.#tell({ files });
    return await waiting.promise;
  }

  /** Ends the thread in the middle of whatever it does. */
  [Symbol.dispose](): void {
    this.#worker.terminate();
    this.#fail(new Error("The thread that hashes was ended"));
  }

  #tell(order: Order): void {
    this.#worker.postMessage(order);
  }

  #fail(error: Error): void {
    this.#end ??= error;
    this.#opened.reject(error);
    for (const { reject } of this.#waiting.splice(0)) reject(error);
  }
}

/** Whether this is the thread, and not the one that starts it, which imports this module too. */
const scope = "WorkerGlobalScope" in globalThis
  ? globalThis as unknown as WorkerScope<Order, Answer>
  : null;
if (scope?.name === "hasher") {
  let root = "";
  let hasher: FileHasher | undefined;
  let last: Promise<void> = Promise.resolve();
  const hash = async (file: ListedFile): Promise<HashedFile> => {
    try {
      return await hasher!.hash(
        root + file.path,
        file,
        (read) => scope.postMessage({ file, read }),
      );
    } catch (error) {
      return error instanceof Deno.errors.NotFound ? "gone" : { message: messageOf(error) };
    }
  };
  scope.onmessage = ({ data: order }) => {
    if ("files" in order) {
      last = last.then(async () => {
        const hashed: HashedFile[] = [];
        for (const file of order.files) hashed.push(await hash(file));
        scope.postMessage({ hashed });
      });
      return;
    }
    root = order.repository;
    hasher = new FileHasher(order.wanted, null);
  };
  try {
    // On Linux, this is about the thread that calls it and no other.
    if (Deno.build.os === "linux") setPriority(0, NICE);
  } catch {
    // It is not allowed to, or is as nice already: then the system decides.
  }
  scope.postMessage("open");
}
