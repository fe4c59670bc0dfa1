import type { Clock } from "../clock/clock.ts";
import { requirePermission } from "../config/require_permission.ts";
import {
  TAKEOVER_PROTOCOL,
  TAKEOVER_VARIABLE,
  type ToPredecessor,
  type ToSuccessor,
} from "./handover_messages.ts";
import { messageOf } from "../log/message_of.ts";
import { MessagePipe } from "./message_pipe.ts";
import type { OwnCommand } from "./own_command.ts";

/** What the new process says on its way. */
type Step = ToPredecessor["type"];

/** What it says at a step. */
type Said<S extends Step> = Extract<ToPredecessor, { readonly type: S }>;

/**
 * Variables that are meant for one process only (sd_watchdog_enabled(3), sd_listen_fds(3)); the new one
 * is another.
 */
const NOT_INHERITED = { WATCHDOG_PID: "", LISTEN_PID: "", LISTEN_FDS: "" };

/** The process that is to take over, as the one that started it sees it. */
export class Successor {
  /** Its process ID. */
  readonly pid: number;
  /** Resolves when it has ended, whether it said so or not. */
  readonly ended: Promise<void>;
  readonly #clock: Pick<Clock, "after">;
  readonly #child: Deno.ChildProcess;
  readonly #pipe: MessagePipe<ToSuccessor, ToPredecessor>;
  readonly #steps = new Map<Step, PromiseWithResolvers<ToPredecessor>>();
  #end: Error | null = null;

  /**
   * Starts it. It belongs to the terminal that this process belongs to, if there is one: who interrupts
   * the one there interrupts the other.
   *
   * @throws Error when it cannot be started
   */
  constructor({ program, args }: OwnCommand, clock: Pick<Clock, "after">) {
    this.#clock = clock;
    try {
      requirePermission({ name: "run", command: program });
      this.#child = new Deno.Command(program, {
        args: [...args],
        env: { ...NOT_INHERITED, [TAKEOVER_VARIABLE]: TAKEOVER_PROTOCOL },
        stdin: "piped",
        stdout: "piped",
        stderr: "inherit",
      }).spawn();
    } catch (error) {
      throw new Error(`Cannot start "${program}": ${spawnFailure(error)}`, {
        cause: error,
      });
    }
    this.pid = this.#child.pid;
    this.#pipe = new MessagePipe({
      readable: this.#child.stdout,
      writable: this.#child.stdin,
    });
    this.ended = this.#listen();
  }

  /** Tells it something. */
  async send(message: ToSuccessor): Promise<void> {
    await this.#pipe.send(message);
  }

  /**
   * Waits until it gets so far.
   *
   * @param patience milliseconds
   * @param signal gives up
   * @throws Error with the reason when it does not
   */
  async reach<S extends Step>(step: S, patience: number, signal?: AbortSignal): Promise<Said<S>> {
    const { promise, reject } = Promise.withResolvers<never>();
    using _timer = this.#clock.after(
      patience,
      () => reject(new Error(`it was not ready after ${patience / 1000} seconds`)),
    );
    const give = (): void => reject(signal?.reason);
    signal?.addEventListener("abort", give);
    try {
      signal?.throwIfAborted();
      return await Promise.race([this.#step(step).promise, promise]) as Said<S>;
    } finally {
      signal?.removeEventListener("abort", give);
    }
  }

  /** Ends it, whatever it does. */
  async kill(): Promise<void> {
    try {
      this.#child.kill("SIGKILL");
    } catch {
      // It ended by itself.
    }
    await this.ended;
  }

  /** Lets go of it: it lives on when this process ends. */
  async release(): Promise<void> {
    await this.#pipe.close();
  }

  #step(step: Step): PromiseWithResolvers<ToPredecessor> {
    let reached = this.#steps.get(step);
    if (reached === undefined) {
      reached = Promise.withResolvers();
      reached.promise.catch(() => {});
      if (this.#end !== null) reached.reject(this.#end);
      this.#steps.set(step, reached);
    }
    return reached;
  }

  async #listen(): Promise<void> {
    let failure = "";
    for await (const message of this.#pipe.messages()) {
      if (message.type === "failed") failure = message.message;
      this.#step(message.type).resolve(message);
    }
    const { code, signal } = await this.#child.status;
    // Before Deno 2.6, our end stays open otherwise.
    await this.#pipe.close();
    const how = signal === null ? `it ended with status ${code}` : `it ended on ${signal}`;
    this.#end = new Error(failure || how);
    for (const step of this.#steps.values()) step.reject(this.#end);
  }
}

function spawnFailure(error: unknown): string {
  if (error instanceof Deno.errors.NotFound) return "there is no such file";
  if (error instanceof Deno.errors.PermissionDenied) return "the user may not run it";
  return messageOf(error);
}
