import type { Clock } from "../../clock/clock.ts";
import type { ListenAddress } from "../../config/config.ts";
import { messageOf } from "../../log/message_of.ts";
import type { BoundedLog } from "./bounded_log.ts";
import type { ThreadMeasure } from "../../stats/thread_measure.ts";
import { listenText } from "./open_server.ts";
import type { HttpSide } from "./side.ts";
import type { ControlMessage, HttpMessage } from "./messages.ts";
import { ServedPort } from "./served_port.ts";

/** Milliseconds that a port which is given up goes on to be served while somebody asks. */
const UNLISTEN_TIME = 10_000;

/** What an {@linkcode HttpThread} is made of. */
export interface HttpThreadOptions<Databases> {
  /** Answers requests. */
  readonly side: Pick<HttpSide<Databases>, "handler" | "receive">;
  /** Tells how the thread is. */
  readonly measure: () => ThreadMeasure;
  /** Tells the control thread. */
  readonly send: (message: HttpMessage) => void;
  /** Where it says what went wrong; has to know what was taken in. */
  readonly log: Pick<BoundedLog, "error" | "taken">;
  /** Closes what answers depend on, once nobody asks any more. */
  readonly close: () => Promise<void>;
  readonly clock: Pick<Clock, "after" | "delay" | "elapsed" | "every">;
}

/** An HTTP thread from within: listens, answers, and obeys the control thread's messages. */
export class HttpThread<Databases> {
  readonly #options: HttpThreadOptions<Databases>;
  readonly #ports = new Set<ServedPort>();
  readonly #closing = new Set<Promise<void>>();
  #stopped = false;
  #refusedAt = -Infinity;

  constructor(options: HttpThreadOptions<Databases>) {
    this.#options = options;
  }

  /** Obeys a message. Never rejects; what goes wrong is sent back. */
  async receive(message: ControlMessage<Databases>): Promise<void> {
    const { side, send, log } = this.#options;
    try {
      if (message.type === "listen") await this.#listen(message);
      else if (message.type === "unlisten") await this.#unlisten(message.address);
      else if (message.type === "leave") await this.#leave(message.most);
      else if (message.type === "renew") await this.#renew(message.time);
      else if (message.type === "stay") { for (const port of this.#ports) port.stay(); }
      else if (message.type === "ping") send({ type: "pong" });
      else if (message.type === "measure") {
        send({ type: "measured", measure: this.#options.measure() });
      } else if (message.type === "logged") log.taken();
      else if (message.type === "stop") await this.#stop();
      else side.receive(message);
    } catch (error) {
      const text = messageOf(error);
      if (message.type === "listen") send({ type: "error", message: text });
      else log.error(text);
    }
  }

  async #listen({ address, shared, takeOver = false }: ListenMessage): Promise<void> {
    const { side, send, clock } = this.#options;
    const refused = (reason: string): void => this.#refused(reason);
    const port = await ServedPort.open(address, side.handler, { clock, shared, takeOver, refused });
    this.#ports.add(port);
    send({ type: "ready" });
  }

  /** Those who found the port before it is given up are still answered. */
  async #unlisten(address: ListenAddress): Promise<void> {
    const given = listenText(address);
    const ports = [...this.#ports].filter((port) => port.address === given);
    await Promise.all(ports.map(async (port) => {
      await port.leave({ most: UNLISTEN_TIME });
      await this.#close(port);
    }));
  }

  async #leave(most: number | null): Promise<void> {
    await Promise.all([...this.#ports].map((port) => port.leave({ most })));
    this.#options.send({ type: "quiet" });
  }

  async #renew(time: number): Promise<void> {
    const { send } = this.#options;
    const ports = [...this.#ports];
    const told = ports.map(() => Promise.withResolvers<boolean>());
    const renewed = Promise.all(
      ports.map((port, index) => port.renew({ time, listening: told[index]!.resolve })),
    );
    const anew = await Promise.race([
      Promise.all(told.map(({ promise }) => promise)),
      // One that is closed meanwhile tells nothing.
      renewed.then(() => [false]),
    ]);
    send({ type: "renewing", anew: anew.every(Boolean) });
    await renewed;
    send({ type: "renewed" });
  }

  /** There may be thousands in a second. */
  #refused(reason: string): void {
    const now = this.#options.clock.elapsed();
    if (now - this.#refusedAt < 1_000) return;
    this.#refusedAt = now;
    this.#options.send({ type: "refused", reason });
  }

  /** The port is closed at once; the promise waits for running requests. */
  async #close(port: ServedPort): Promise<void> {
    if (!this.#ports.delete(port)) return;
    const closing = port[Symbol.asyncDispose]();
    this.#closing.add(closing);
    await closing.finally(() => this.#closing.delete(closing));
  }

  async #stop(): Promise<void> {
    if (this.#stopped) return;
    this.#stopped = true;
    const { side, send, close } = this.#options;
    try {
      for (const port of this.#ports) this.#close(port).catch(() => {});
      await Promise.all(this.#closing);
    } finally {
      side.receive({ type: "stop" });
      await close();
      send({ type: "stopped" });
    }
  }
}

type ListenMessage = Extract<ControlMessage<never>, { readonly type: "listen" }>;
