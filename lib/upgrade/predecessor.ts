import type { Predecessor } from "../http/threads/service.ts";
import {
  TAKEOVER_PROTOCOL,
  TAKEOVER_VARIABLE,
  type ToPredecessor,
  type ToSuccessor,
} from "./handover_messages.ts";
import { MessagePipe, type PipeEnds } from "./message_pipe.ts";

/** What the new process does with what the old one tells. */
export interface Inheritance {
  /** The old one recorded something. */
  readonly recorded: (
    recorded: Extract<ToSuccessor, { readonly type: "recorded" }>["recorded"],
  ) => void;
  /** It is about to close its sockets; what it returns is waited for. */
  readonly quiet: () => Promise<void>;
}

/** The process that is replaced, as the new one sees it. */
export class PredecessorProcess {
  readonly #pipe: MessagePipe<ToPredecessor, ToSuccessor>;
  readonly #messages: AsyncGenerator<ToSuccessor>;

  /** @param ends the way to it; default: the standard streams */
  constructor(ends: PipeEnds = { readable: Deno.stdin.readable, writable: Deno.stdout.writable }) {
    this.#pipe = new MessagePipe(ends);
    this.#messages = this.#pipe.messages();
  }

  /** Finds out whether there is one. */
  static find(environment: Readonly<Record<string, string>>): PredecessorProcess | null {
    return environment[TAKEOVER_VARIABLE] === TAKEOVER_PROTOCOL ? new PredecessorProcess() : null;
  }

  /**
   * Says that everything is ready, and waits until the old process lets go of what only one can have.
   *
   * @returns where it answers requests; `null`: nowhere, it has ended
   */
  async handOver(version: string): Promise<Predecessor | null> {
    await this.#pipe.send({ type: "prepared", version });
    const { value: message } = await this.#messages.next();
    return message?.type === "yours" ? message.predecessor : null;
  }

  /**
   * Says that requests are answered here, and takes in what is left of the old process until it ends.
   *
   * @returns whether it ended in good order
   */
  async inherit(pid: number, { recorded, quiet }: Inheritance): Promise<boolean> {
    await this.#pipe.send({ type: "serving", pid });
    for await (const message of this.#messages) {
      if (message.type === "recorded") recorded(message.recorded);
      if (message.type === "quiet") {
        await quiet();
        await this.#pipe.send({ type: "settled" });
      }
      if (message.type === "done") {
        await this.#pipe.send({ type: "received" });
        return true;
      }
    }
    return false;
  }

  /** Says that this process was told to stop. */
  async stopping(): Promise<void> {
    await this.#pipe.send({ type: "stopping" });
  }

  /** Says why this process cannot take over. */
  async failed(message: string): Promise<void> {
    await this.#pipe.send({ type: "failed", message });
  }
}
