import type { ListenAddress } from "../config/config.ts";
import type { Handler } from "./handler.ts";
import { type HttpListener, listen, listenText } from "./http_listener.ts";
import type { HttpSide } from "./http_side.ts";
import type { ControlMessage, HttpMessage } from "./messages.ts";

/** Milliseconds without a request after which a port can be closed and nobody notices. */
const QUIET = 1_000;

/** What an {@linkcode HttpThread} is made of. */
export interface HttpThreadOptions<Databases> {
  /** Answers requests. */
  readonly side: Pick<HttpSide<Databases>, "handler" | "receive">;
  /** Tells the control thread. */
  readonly send: (message: HttpMessage) => void;
  /** Closes what answers depend on, once nobody asks any more. */
  readonly close: () => Promise<void>;
}

/** An HTTP thread from within: listens, answers, and obeys the control thread's messages. */
export class HttpThread<Databases> {
  readonly #options: HttpThreadOptions<Databases>;
  readonly #listeners = new Map<string, HttpListener>();
  readonly #closing = new Set<Promise<void>>();
  readonly #handler: Handler;
  #asked = 0;
  #retiring: ReturnType<typeof setInterval> | undefined;
  #stopped = false;

  constructor(options: HttpThreadOptions<Databases>) {
    this.#options = options;
    const { handler } = options.side;
    this.#handler = (request, info) => {
      this.#asked++;
      return handler(request, info);
    };
  }

  /** Obeys a message. Never rejects; what goes wrong is sent back. */
  async receive(message: ControlMessage<Databases>): Promise<void> {
    const { side, send } = this.#options;
    try {
      if (message.type === "listen") await this.#listen(message.address, message.shared);
      else if (message.type === "unlisten") await this.#unlisten(listenText(message.address));
      else if (message.type === "retire") this.#retire();
      else if (message.type === "stop") await this.#stop();
      else side.receive(message);
    } catch (error) {
      const text = error instanceof Error ? error.message : String(error);
      if (message.type === "listen") send({ type: "error", message: text });
      else send({ type: "log", level: "error", message: text });
    }
  }

  async #listen(address: ListenAddress, shared: boolean): Promise<void> {
    const listener = await listen(address, this.#handler, shared);
    this.#listeners.set(listener.address, listener);
    this.#options.send({ type: "ready" });
  }

  /** The port is closed at once; the promise waits for running requests. */
  async #unlisten(address: string): Promise<void> {
    const listener = this.#listeners.get(address);
    if (listener === undefined) return;
    this.#listeners.delete(address);
    const closing = Promise.resolve(listener[Symbol.asyncDispose]());
    this.#closing.add(closing);
    await closing.finally(() => this.#closing.delete(closing));
  }

  /** Closing a port resets connections that the system has accepted and this thread has not yet. */
  #retire(): void {
    let before = this.#asked;
    this.#retiring = setInterval(() => {
      if (this.#asked === before) void this.receive({ type: "stop" });
      before = this.#asked;
    }, QUIET);
  }

  async #stop(): Promise<void> {
    clearInterval(this.#retiring);
    if (this.#stopped) return;
    this.#stopped = true;
    const { side, send, close } = this.#options;
    try {
      for (const address of this.#listeners.keys()) this.#unlisten(address).catch(() => {});
      await Promise.all(this.#closing);
    } finally {
      side.receive({ type: "stop" });
      await close();
      send({ type: "stopped" });
    }
  }
}
