import type { Clock, Timer } from "../clock/clock.ts";
import type { Log } from "../log/log.ts";
import type { NotifySocket } from "./notify_socket.ts";

/** What {@linkcode ServiceNotify} works with. */
export interface ServiceNotifyOptions {
  /** The way to the service manager; `null`: nobody wants to know. */
  readonly socket: NotifySocket | null;
  /** Milliseconds between two signs of life; `null`: nobody wants any. */
  readonly watchdogInterval: number | null;
  /** Microseconds since the machine was started, not less than CLOCK_MONOTONIC; `null`: not known. */
  readonly uptime: () => number | null;
  readonly clock: Pick<Clock, "after">;
  readonly log: Pick<Log, "debug" | "warn">;
}

/**
 * Tells the service manager how the daemon is, in the words of sd_notify(3). What cannot be sent is
 * said once and does not stop anything. Messages arrive in the order in which they were given.
 */
export class ServiceNotify implements AsyncDisposable {
  readonly #options: ServiceNotifyOptions;
  #last: Promise<void> = Promise.resolve();
  #failed = false;
  #watchdog: Timer | null = null;
  /** Another process is the service now, or this one has ended. */
  #silent: boolean;
  #stopping = false;

  constructor(options: ServiceNotifyOptions) {
    this.#options = options;
    this.#silent = options.socket === null;
  }

  /**
   * Requests can be answered: after the start, and after a reload.
   *
   * @param status one line for people
   */
  ready(status: string): Promise<void> {
    return this.#send("READY=1", `STATUS=${status}`);
  }

  /** The configuration is being read again; {@linkcode ready} follows. */
  reloading(): Promise<void> {
    const uptime = this.#silent ? null : this.#options.uptime();
    return this.#send(
      "RELOADING=1",
      ...(uptime === null ? [] : [`MONOTONIC_USEC=${uptime}`]),
      "STATUS=Reading the configuration again",
    );
  }

  /** The daemon stops; nothing that comes later is told. */
  async stopping(): Promise<void> {
    this.#watchdog?.[Symbol.dispose]();
    const sent = this.#send("STOPPING=1", "STATUS=Finishing running requests");
    this.#stopping = true;
    await sent;
  }

  /** @param text one line for people */
  status(text: string): Promise<void> {
    return this.#send(`STATUS=${text}`);
  }

  /**
   * Another process is the service from now on; this one says nothing any more.
   *
   * @param pid its process ID
   * @returns when the service manager was told
   */
  async handOver(pid: number): Promise<void> {
    this.#watchdog?.[Symbol.dispose]();
    const sent = this.#send(`MAINPID=${pid}`);
    this.#silent = true;
    await sent;
  }

  /**
   * Shows signs of life from now on, if they are wanted, as long as there are any.
   *
   * @param alive whether everything answers that has to; may take its time
   */
  watch(alive: () => Promise<boolean>): void {
    const { watchdogInterval: interval, clock } = this.#options;
    if (interval === null) return;
    const beat = async (): Promise<void> => {
      const lives = await alive();
      if (this.#silent || this.#stopping) return;
      if (lives) await this.#send("WATCHDOG=1");
      else this.#options.log.debug("No sign of life for the service manager: a thread hangs");
      this.#watchdog = clock.after(interval, beat);
    };
    if (!this.#silent) this.#watchdog = clock.after(interval, beat);
  }

  /** Sends what there is, and says nothing any more. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#silent = true;
    this.#watchdog?.[Symbol.dispose]();
    await this.#last;
    this.#options.socket?.[Symbol.dispose]();
  }

  #send(...lines: string[]): Promise<void> {
    const { socket, log } = this.#options;
    if (this.#silent || this.#stopping || socket === null) return Promise.resolve();
    const text = lines.map((line) => line.replaceAll("\n", " ")).join("\n");
    this.#last = this.#last.then(() => socket.send(text)).then(
      () => void (this.#failed = false),
      (error: unknown) => {
        if (this.#failed) return;
        this.#failed = true;
        log.warn(`Cannot tell the service manager: ${String(error)}`);
      },
    );
    return this.#last;
  }
}
