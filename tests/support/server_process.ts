import { waitFor } from "./wait_for.ts";

/** A server program that a test runs: started, waited for, stopped by its process. */
export class ServerProcess implements AsyncDisposable {
  #child: Deno.ChildProcess | null = null;

  readonly #command: readonly [string, ...string[]];
  readonly #ready: () => Promise<boolean>;

  /**
   * @param command program and arguments
   * @param ready whether it serves now; may throw
   */
  constructor(command: readonly [string, ...string[]], ready: () => Promise<boolean>) {
    this.#command = command;
    this.#ready = ready;
  }

  /** The process ID; 0 when it is not running. */
  get pid(): number {
    return this.#child?.pid ?? 0;
  }

  /** Starts the program and waits until it serves. */
  async start(): Promise<void> {
    const [program, ...args] = this.#command;
    const child = this.#child = new Deno.Command(program, {
      args,
      stdin: "null",
      stdout: "null",
      stderr: "null",
    }).spawn();
    let ended = false;
    void child.status.then(() => ended = true);
    try {
      await waitFor(async () => ended || await this.#ready(), { what: `${program} to serve` });
      // Somebody else may have its port.
      if (ended) throw new Error(`${program} ended at once`);
    } catch (error) {
      await this.stop();
      throw error;
    }
  }

  /** Sends a signal, and does not wait. */
  signal(signal: Deno.Signal): void {
    this.#child?.kill(signal);
  }

  /** Ends the program and waits until it is gone. */
  async stop(signal: Deno.Signal = "SIGTERM"): Promise<void> {
    const child = this.#child;
    this.#child = null;
    if (!child) return;
    try {
      child.kill(signal);
    } catch {
      // It ended by itself.
    }
    await child.status;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop("SIGKILL");
  }
}

/** Whether somebody listens on a port of 127.0.0.1. */
export async function listens(port: number): Promise<boolean> {
  using _connection = await Deno.connect({ hostname: "127.0.0.1", port });
  return true;
}
