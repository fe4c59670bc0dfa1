import type { Clock } from "../clock/clock.ts";
import { LIBC_PATHS } from "../config/libc_paths.ts";
import type { Cutter, SharedAddress, SocketRange, Steering } from "../http/threads/steering.ts";
import type { Log } from "../log/log.ts";
import { messageOf } from "../log/message_of.ts";
import { SerialQueue } from "../process/serial_queue.ts";
import type { DescriptorCount, DescriptorCounter } from "./descriptors.ts";
import { STEERING_WORKER, type SteeringReport, type SteeringRequest } from "./steering_worker.ts";

/** Milliseconds that the thread has to start or to answer; on a busy machine, several seconds are little. */
const PATIENCE = 30_000;

/**
 * Steers connections and counts file descriptors from a thread of its own, which may load the C library
 * and nothing else. It is there from the first count on, or else while an address is steered: with no
 * descriptor left, it could not be started. Where that is not allowed, or this is not Linux, nothing is
 * steered, and the log says what would help.
 */
export class SteeringThread implements Steering, Cutter, DescriptorCounter, Disposable {
  readonly #log: Pick<Log, "warn" | "debug">;
  readonly #clock: Pick<Clock, "after">;
  readonly #requests = new SerialQueue();
  #worker: Worker | null = null;
  /** Whether the thread stays when nothing is steered. */
  #stays = false;
  #reported: PromiseWithResolvers<SteeringReport> = Promise.withResolvers();

  constructor(log: Pick<Log, "warn" | "debug">, clock: Pick<Clock, "after">) {
    this.#clock = clock;
    this.#log = log;
  }

  /** See {@linkcode Steering.steer}. */
  async steer(address: SharedAddress, to: SocketRange): Promise<boolean> {
    const error = await this.#ask({ type: "steer", address, to });
    if (error === null) return true;
    this.#log.warn(`Connections may be lost when a port changes hands: ${error}`);
    return false;
  }

  /** See {@linkcode Steering.release}. */
  async release(address: SharedAddress): Promise<void> {
    const error = await this.#ask({ type: "release", address });
    if (error !== null) this.#log.debug(`Cannot end the steering of connections: ${error}`);
    if (!this.#stays) this[Symbol.dispose]();
  }

  /** See {@linkcode Cutter.cut}. */
  async cut(peer: SharedAddress): Promise<boolean> {
    const error = await this.#ask({ type: "cut", peer });
    if (error !== null) this.#log.debug(`Cannot cut a connection: ${error}`);
    return error === null;
  }

  /** See {@linkcode DescriptorCounter.descriptors}; it needs the C library. */
  async descriptors(): Promise<DescriptorCount | null> {
    return await this.#requests.run(async () => {
      try {
        const answer = await this.#send({ type: "descriptors" });
        if (answer.type !== "descriptors") return null;
        this.#stays = true;
        return answer.descriptors;
      } catch {
        if (!this.#stays) this[Symbol.dispose]();
        return null;
      }
    });
  }

  [Symbol.dispose](): void {
    this.#worker?.terminate();
    this.#worker = null;
  }

  /** @returns what is wrong, or `null` */
  #ask(request: SteeringRequest): Promise<string | null> {
    return this.#requests.run(async () => {
      try {
        const answer = await this.#send(request);
        return answer.type === "done" ? answer.error : "the thread for it started twice";
      } catch (error) {
        this[Symbol.dispose]();
        return messageOf(error);
      }
    });
  }

  async #send(request: SteeringRequest): Promise<SteeringReport> {
    const worker = this.#worker ?? await this.#start();
    const report = this.#report();
    worker.postMessage(request);
    return await report;
  }

  async #start(): Promise<Worker> {
    const library = libraryPath();
    const worker = new Worker(STEERING_WORKER, {
      type: "module",
      name: library,
      deno: { permissions: steeringPermissions(library) },
    });
    this.#worker = worker;
    worker.onmessage = ({ data }: MessageEvent<SteeringReport>) => this.#reported.resolve(data);
    worker.onerror = (event) => {
      event.preventDefault();
      this.#reported.reject(new Error(event.message));
    };
    await this.#report();
    return worker;
  }

  async #report(): Promise<SteeringReport> {
    const reported = this.#reported = Promise.withResolvers();
    reported.promise.catch(() => {});
    using _timer = this.#clock.after(
      PATIENCE,
      () => reported.reject(new Error("the thread for it does not answer")),
    );
    return await reported.promise;
  }
}

/** What the thread may do: load the C library, and nothing else. */
export function steeringPermissions(library: string): Deno.PermissionOptionsObject {
  return {
    read: false,
    write: false,
    net: false,
    run: false,
    env: false,
    sys: false,
    import: false,
    ffi: [library],
  };
}

/** @throws Error with what to do when no library may be loaded */
function libraryPath(): string {
  if (Deno.build.os !== "linux") throw new Error("this system does not let them be steered");
  const allowed = LIBC_PATHS.filter((path) =>
    Deno.permissions.querySync({ name: "ffi", path }).state === "granted"
  );
  if (allowed.length === 0) {
    throw new Error(`Deno may not load the C library, start with --allow-ffi=${LIBC_PATHS}`);
  }
  for (const path of allowed) {
    try {
      Deno.dlopen(path, {}).close();
      return path;
    } catch {
      // Another distribution's place.
    }
  }
  throw new Error("there is no C library where Linux keeps it");
}
