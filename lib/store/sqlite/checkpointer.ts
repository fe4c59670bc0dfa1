import type { WorkerScope } from "../../worker/worker_scope.ts";
import { DatabaseSync } from "node:sqlite";

/** What the thread is told: the database file, to begin with; then each time there is work; then the end. */
type Order = { readonly path: string } | "checkpoint" | "end";

/** What the thread says: it can be told; what it was told is done, or cannot be. */
type Answer = "open" | "done" | "failed";

/** Whether the thread can be started: its module has to be read, unless it is in the executable. */
export function mayCheckpoint(): boolean {
  if (Deno.build.standalone) return true;
  const path = new URL(import.meta.url);
  return Deno.permissions.querySync({ name: "read", path }).state === "granted";
}

/**
 * Moves what is in the journal into the database, on a thread of its own. SQLite would do that within a
 * commit of the writer now and then, and wait for the disk meanwhile: some ten milliseconds.
 *
 * Where the thread cannot be started, nothing is done, and SQLite keeps to its way.
 */
export class Checkpointer implements AsyncDisposable {
  readonly #worker: Worker;
  /** Fulfilled with whether the thread can be told something. */
  readonly #opened: Promise<boolean>;
  #answered: (answer: Answer) => void;
  #dead = false;

  /** @param path the database file */
  constructor(path: string) {
    this.#worker = new Worker(import.meta.url, { type: "module", name: "checkpointer" });
    const opened = Promise.withResolvers<Answer>();
    this.#answered = opened.resolve;
    this.#worker.onmessage = ({ data }: MessageEvent<Answer>) => this.#answered(data);
    this.#worker.onerror = (event) => {
      // Otherwise it would end the whole program.
      event.preventDefault();
      this.#dead = true;
      this.#answered("failed");
    };
    this.#opened = opened.promise.then(async (answer) =>
      answer === "open" && await this.#tell({ path }) === "done"
    );
  }

  /**
   * Moves what is in the journal now. Nobody waits for it but the caller.
   *
   * @returns whether it was done
   */
  async run(): Promise<boolean> {
    return await this.#opened && await this.#tell("checkpoint") === "done";
  }

  /** Ends the thread. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (await this.#opened) await this.#tell("end");
    this.#worker.terminate();
  }

  #tell(order: Order): Promise<Answer> {
    const { promise, resolve } = Promise.withResolvers<Answer>();
    this.#answered = resolve;
    if (this.#dead) resolve("failed");
    else this.#worker.postMessage(order);
    return promise;
  }
}

/** Whether this is the thread, and not the one that starts it, which imports this module too. */
const scope = "WorkerGlobalScope" in globalThis
  ? globalThis as unknown as WorkerScope<Order, Answer>
  : null;
if (scope?.name === "checkpointer") {
  let database: DatabaseSync | undefined;
  const obey = (order: Order): void => {
    if (order === "checkpoint") database?.exec("PRAGMA wal_checkpoint(PASSIVE)");
    else if (order === "end") database?.close();
    else {
      database = new DatabaseSync(order.path);
      database.exec("PRAGMA synchronous = NORMAL");
    }
  };
  scope.onmessage = ({ data: order }) => {
    try {
      obey(order);
      scope.postMessage("done");
    } catch {
      // The writer fails for the same reason soon, and says it.
      scope.postMessage("failed");
    }
  };
  scope.postMessage("open");
}
